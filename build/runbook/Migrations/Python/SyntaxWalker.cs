namespace Runback.Runbook.Migrations.Python;

/// <summary>Visits every statement and expression of a block, in order.</summary>
public abstract class SyntaxWalker
{
    /// <summary>Visits each statement of a block.</summary>
    public void Visit(IReadOnlyList<Statement> body)
    {
        foreach (var statement in body)
            Visit(statement);
    }

    /// <summary>Visits what is assigned to; the parts of tuples one by one.</summary>
    protected virtual void Target(Expression target)
    {
        switch (target)
        {
            case TupleDisplay tuple:
                Targets(tuple.Items);
                break;
            case ListDisplay list:
                Targets(list.Items);
                break;
            case Starred starred:
                Target(starred.Value);
                break;
            case not Name:
                Visit(target);
                break;
        }
    }

    /// <summary>Visits a statement and what is inside.</summary>
    protected virtual void Visit(Statement statement)
    {
        switch (statement)
        {
            case ExpressionStatement s:
                Visit(s.Value);
                break;
            case Assignment s:
                Visit(s.Value);
                Targets(s.Targets);
                break;
            case AnnotatedAssignment s:
                VisitIfAny(s.Value);
                Target(s.Target);
                break;
            case AugmentedAssignment s:
                Visit(s.Value);
                Target(s.Target);
                break;
            case ReturnStatement s:
                VisitIfAny(s.Value);
                break;
            case RaiseStatement s:
                VisitIfAny(s.Exception);
                VisitIfAny(s.Cause);
                break;
            case AssertStatement s:
                Visit(s.Test);
                VisitIfAny(s.Message);
                break;
            case DeleteStatement s:
                Targets(s.Targets);
                break;
            case FunctionDefinition s:
                Visit(s.Body);
                break;
            case ClassDefinition s:
                Visit(s.Body);
                break;
            case IfStatement s:
                foreach (var branch in s.Branches)
                {
                    Visit(branch.Test);
                    Visit(branch.Body);
                }

                Visit(s.Otherwise);
                break;
            case ForStatement s:
                Visit(s.Source);
                Target(s.Target);
                Visit(s.Body);
                Visit(s.Otherwise);
                break;
            case WhileStatement s:
                Visit(s.Test);
                Visit(s.Body);
                Visit(s.Otherwise);
                break;
            case WithStatement s:
                foreach (var item in s.Items)
                {
                    Visit(item.Context);
                    if (item.Target is not null)
                        Target(item.Target);
                }

                Visit(s.Body);
                break;
            case TryStatement s:
                Visit(s.Body);
                foreach (var handler in s.Handlers)
                    Visit(handler.Body);
                Visit(s.Otherwise);
                Visit(s.Finally);
                break;
            case MatchStatement s:
                Visit(s.Subject);
                foreach (var one in s.Cases)
                    Visit(one.Body);
                break;
        }
    }

    /// <summary>Visits an expression and what is inside.</summary>
    protected virtual void Visit(Expression expression)
    {
        switch (expression)
        {
            case FormattedString e:
                All(e.Parts);
                break;
            case FormattedField e:
                Visit(e.Value);
                VisitIfAny(e.Spec);
                break;
            case AttributeReference e:
                Visit(e.Value);
                break;
            case Subscript e:
                Visit(e.Value);
                Visit(e.Index);
                break;
            case Slice e:
                VisitIfAny(e.Lower);
                VisitIfAny(e.Upper);
                VisitIfAny(e.Step);
                break;
            case Call e:
                Visit(e.Function);
                foreach (var argument in e.Arguments)
                    Visit(argument.Value);
                break;
            case UnaryOperation e:
                Visit(e.Operand);
                break;
            case BinaryOperation e:
                Visit(e.Left);
                Visit(e.Right);
                break;
            case BooleanOperation e:
                All(e.Operands);
                break;
            case Comparison e:
                Visit(e.First);
                foreach (var other in e.Others)
                    Visit(other.Operand);
                break;
            case ConditionalExpression e:
                Visit(e.Test);
                Visit(e.Then);
                Visit(e.Otherwise);
                break;
            case LambdaExpression e:
                Visit(e.Body);
                break;
            case TupleDisplay e:
                All(e.Items);
                break;
            case ListDisplay e:
                All(e.Items);
                break;
            case SetDisplay e:
                All(e.Items);
                break;
            case DictDisplay e:
                foreach (var entry in e.Entries)
                {
                    VisitIfAny(entry.Key);
                    Visit(entry.Value);
                }

                break;
            case Comprehension e:
                foreach (var clause in e.Clauses)
                {
                    Visit(clause.Source);
                    Target(clause.Target);
                    All(clause.Conditions);
                }

                VisitIfAny(e.Key);
                Visit(e.Element);
                break;
            case Starred e:
                Visit(e.Value);
                break;
            case AwaitExpression e:
                Visit(e.Value);
                break;
            case YieldExpression e:
                VisitIfAny(e.Value);
                break;
            case NamedExpression e:
                Visit(e.Value);
                break;
        }
    }

    private void VisitIfAny(Expression? expression)
    {
        if (expression is not null)
            Visit(expression);
    }

    private void All(IReadOnlyList<Expression> expressions)
    {
        foreach (var expression in expressions)
            Visit(expression);
    }

    private void Targets(IReadOnlyList<Expression> targets)
    {
        foreach (var target in targets)
            Target(target);
    }
}
