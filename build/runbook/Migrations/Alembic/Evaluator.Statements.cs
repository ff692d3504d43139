using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <content>Statements.</content>
internal sealed partial class Evaluator
{
    private Flow Block(IReadOnlyList<Statement> body)
    {
        foreach (var statement in body)
        {
            Step(statement.Line);
            var flow = Statement(statement);
            if (flow != Flow.Normal)
                return flow;
        }

        return Flow.Normal;
    }

    private Flow Statement(Statement statement)
    {
        switch (statement)
        {
            case ExpressionStatement expression:
                return Evaluated(expression.Value, out _);
            case Assignment assignment:
                {
                    if (Evaluated(assignment.Value, out var value) == Flow.Raise)
                        return Flow.Raise;
                    foreach (var target in assignment.Targets)
                        Assign(target, value, assignment.Line);
                    return Flow.Normal;
                }

            case AnnotatedAssignment annotated:
                if (annotated.Value is not null)
                {
                    if (Evaluated(annotated.Value, out var value) == Flow.Raise)
                        return Flow.Raise;
                    Assign(annotated.Target, value, annotated.Line);
                }
                else if (annotated.Target is Name field)
                {
                    // A field of a dataclass: known by name, without a value.
                    frame.Scope.Own.TryAdd(field.Id, Opaque.Value);
                }

                return Flow.Normal;
            case AugmentedAssignment augmented:
                return Augment(augmented);
            case ReturnStatement returned:
                {
                    Value result = Constant.None;
                    if (returned.Value is not null && Evaluated(returned.Value, out result) == Flow.Raise)
                        return Flow.Raise;
                    frame.Results.Add(result);
                    return Flow.Return;
                }

            case RaiseStatement raised:
                if (raised.Exception is not null)
                    Evaluate(raised.Exception);
                raisedAt = Here(raised.Line);
                return Flow.Raise;
            case AssertStatement assertion:
                if (Values.Truth(Evaluate(assertion.Test)) == false)
                {
                    raisedAt = Here(assertion.Line);
                    return Flow.Raise;
                }

                return Flow.Normal;
            case DeleteStatement deleted:
                Delete(deleted);
                return Flow.Normal;
            case ScopeStatement scope:
                frame.Scope.TakeFromOutside(scope.Names);
                return Flow.Normal;
            case ImportStatement or FromImportStatement:
                Import(statement);
                return Flow.Normal;
            case FunctionDefinition function:
                Define(function);
                return Flow.Normal;
            case ClassDefinition type:
                frame.Scope.Set(type.Name, DefineClass(type));
                return Flow.Normal;
            case IfStatement condition:
                return If(condition.Branches, 0, condition.Otherwise);
            case ForStatement loop:
                return For(loop);
            case WhileStatement loop:
                return While(loop);
            case WithStatement with:
                return With(with, 0);
            case TryStatement attempt:
                return Try(attempt);
            case MatchStatement match:
                return Match(match);
            case BreakStatement:
                return Flow.Break;
            case ContinueStatement:
                return Flow.Continue;
            default:
                return Flow.Normal;
        }
    }

    /// <summary>Evaluates; a function of the file that surely raises ends the statement too.</summary>
    private Flow Evaluated(Expression expression, out Value value)
    {
        var before = raisesNow;
        raisesNow = false;
        value = Evaluate(expression);
        var raised = raisesNow;
        raisesNow = before;
        return raised ? Flow.Raise : Flow.Normal;
    }

    private Flow If(IReadOnlyList<IfBranch> branches, int index, IReadOnlyList<Statement> otherwise)
    {
        for (; index < branches.Count; index++)
        {
            var branch = branches[index];
            var truth = Values.Truth(Evaluate(branch.Test));
            if (truth == true)
                return Block(branch.Body);
            var next = index + 1;
            if (truth is null)
                return Either(() => Block(branch.Body), () => If(branches, next, otherwise));
        }

        return Block(otherwise);
    }

    /// <summary>Follows two ways of which one is taken, and joins what they leave.</summary>
    private Flow Either(Func<Flow> first, Func<Flow> second)
    {
        if (++ways > MostWays)
            throw new TooMuchException($"more than {MostWays} conditions that are not known stand inside each other");
        var before = frame.Scope.Snapshot();
        var raisedBefore = raisesNow;
        conditional++;
        raisesNow = false;
        var one = first();
        one = raisesNow ? Flow.Raise : one;
        var afterFirst = frame.Scope.Own;
        frame.Scope.Restore(before);
        raisesNow = false;
        var other = second();
        other = raisesNow ? Flow.Raise : other;
        raisesNow = raisedBefore;
        conditional--;
        ways--;
        if (one == Flow.Raise && other == Flow.Raise)
            return Flow.Raise;
        if (one == Flow.Raise)
            return other;
        if (other == Flow.Raise)
        {
            frame.Scope.Restore(afterFirst);
            return one;
        }

        frame.Scope.Join(afterFirst);
        if (one == other)
            return one;
        Maybe(one);
        Maybe(other);
        // Of two different ways to leave, the rest of the block is reached on neither.
        return one != Flow.Normal && other != Flow.Normal ? Flow.Continue : Flow.Normal;
    }

    /// <summary>Notes that the function or loop may have been left: what follows in it is conditional.</summary>
    private void Maybe(Flow flow)
    {
        switch (flow)
        {
            case Flow.Return:
                frame.MaybeReturned++;
                conditional++;
                break;
            case Flow.Break or Flow.Continue:
                frame.MaybeBroken |= flow == Flow.Break;
                frame.MaybeLeftLoop++;
                conditional++;
                break;
        }
    }

    private Flow With(WithStatement with, int index)
    {
        if (index == with.Items.Count)
            return Block(with.Body);
        var item = with.Items[index];
        if (Evaluated(item.Context, out var context) == Flow.Raise)
            return Flow.Raise;
        if (item.Target is not null)
            Assign(item.Target, context is SessionFactory ? Session.Value : context, with.Line);
        switch (context)
        {
            case AutocommitBlock:
                Emit(new AutocommitBegun(), with.Line);
                var flow = With(with, index + 1);
                Emit(new AutocommitEnded(), with.Line);
                return flow;
            case Suppression:
                return Either(() => With(with, index + 1), () => Flow.Normal);
            case ModulePath { Last: var name }:
                Unfollowed(with.Line, $"with {name}", "the context manager's code is not in this file");
                break;
        }

        return With(with, index + 1);
    }

    private Flow Try(TryStatement attempt)
    {
        Flow flow;
        if (attempt.Handlers.Count == 0 || attempt.Handlers.All(handler => handler.Body[^1] is RaiseStatement && handler.Body.Count <= 2))
        {
            // Every handler raises again: the migration either gets through the block or fails.
            flow = Block(attempt.Body);
            if (flow == Flow.Normal)
                flow = Block(attempt.Otherwise);
        }
        else
        {
            flow = Either(
                () =>
                {
                    var body = Block(attempt.Body);
                    return body == Flow.Normal ? Block(attempt.Otherwise) : body;
                },
                () => Handlers(attempt.Handlers, 0));
        }

        var last = Block(attempt.Finally);
        return last == Flow.Normal ? flow : last;
    }

    private Flow Handlers(IReadOnlyList<ExceptHandler> handlers, int index)
    {
        var handler = handlers[index];
        Flow Handle()
        {
            if (handler.Name is not null)
                frame.Scope.Set(handler.Name, Opaque.Value);
            return Block(handler.Body);
        }

        return index == handlers.Count - 1 ? Handle() : Either(Handle, () => Handlers(handlers, index + 1));
    }

    private Flow Match(MatchStatement match)
    {
        Evaluate(match.Subject);
        return Cases(match.Cases, 0);
    }

    private Flow Cases(IReadOnlyList<MatchCase> cases, int index)
    {
        if (index == cases.Count)
            return Flow.Normal;
        return Either(
            () =>
            {
                foreach (var name in cases[index].Names)
                {
                    if (frame.Scope.Find(name) is null)
                        frame.Scope.Set(name, Opaque.Value);
                    else if (frame.Scope.Own.TryGetValue(name, out var before))
                        frame.Scope.Set(name, Values.Join(before, Opaque.Value));
                }

                return Block(cases[index].Body);
            },
            () => Cases(cases, index + 1));
    }
}
