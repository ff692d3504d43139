using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <content>Loops: over known values each turn is followed, else the body once, for any number of turns.</content>
internal sealed partial class Evaluator
{
    private const int MostTurns = 3000;
    private const int MostWhileTurns = 50;

    private Flow For(ForStatement loop)
    {
        if (Evaluated(loop.Source, out var source) == Flow.Raise)
            return Flow.Raise;
        var items = Values.Items(source, out var certain);
        if (certain && items.Count <= MostTurns)
            return KnownTurns(loop, items);
        return Loop(() =>
        {
            var flow = Flow.Normal;
            foreach (var item in items)
            {
                // An item that may be missing: the turn may not happen, and what it assigned before may be anything.
                flow = Either(() => LastTurn(() => Assign(loop.Target, item, loop.Line), loop.Body), () => Flow.Normal);
            }

            return flow;
        }, loop.Body, loop.Otherwise);
    }

    private Flow KnownTurns(ForStatement loop, List<Value> items)
    {
        var (broken, left) = (frame.MaybeBroken, frame.MaybeLeftLoop);
        (frame.MaybeBroken, frame.MaybeLeftLoop) = (false, 0);
        var brokenOff = 0;
        var flow = Flow.Normal;
        foreach (var item in items)
        {
            flow = Turn(() => Assign(loop.Target, item, loop.Line), loop.Body);
            if (frame.MaybeBroken)
            {
                frame.MaybeBroken = false;
                brokenOff++;
                conditional++;
            }

            if (flow is Flow.Break or Flow.Return or Flow.Raise)
                break;
        }

        if (brokenOff > 0 && flow is Flow.Raise or Flow.Return)
            flow = Reached(flow);
        var ended = flow == Flow.Break;
        if (!ended && flow is not (Flow.Return or Flow.Raise))
            flow = Block(loop.Otherwise);
        conditional -= brokenOff;
        (frame.MaybeBroken, frame.MaybeLeftLoop) = (broken, left);
        return ended ? Flow.Normal : flow;
    }

    /// <summary>One turn: a continue that may have happened ends with it.</summary>
    private Flow Turn(Action assign, IReadOnlyList<Statement> body)
    {
        var left = frame.MaybeLeftLoop;
        frame.MaybeLeftLoop = 0;
        assign();
        var flow = Block(body);
        var maybeLeft = frame.MaybeLeftLoop > 0;
        conditional -= frame.MaybeLeftLoop;
        frame.MaybeLeftLoop = left;
        return maybeLeft ? Reached(flow) : flow == Flow.Continue ? Flow.Normal : flow;
    }

    /// <summary>How a turn ends that may have ended before: nothing is sure of it.</summary>
    private Flow Reached(Flow flow)
    {
        if (flow == Flow.Return)
            Maybe(Flow.Return);
        if (flow == Flow.Break)
            frame.MaybeBroken = true;
        return Flow.Normal;
    }

    /// <summary>A turn of a loop of unknown length, after which it may end: a break adds nothing.</summary>
    private Flow LastTurn(Action assign, IReadOnlyList<Statement> body)
    {
        var flow = Turn(assign, body);
        return flow == Flow.Break ? Flow.Normal : flow;
    }

    /// <summary>A loop of an unknown number of turns: names that it changes may hold anything when a turn begins.</summary>
    private Flow Loop(Func<Flow> turns, IReadOnlyList<Statement> body, IReadOnlyList<Statement> otherwise)
    {
        var broken = frame.MaybeBroken;
        var assigned = LoopEffects.Forget(body, source.Module, frame.Scope);
        var (amongData, made) = (rowsAmongData, changes.Count);
        conditional++;
        var flow = turns();
        // What one turn leaves behind is what the next one begins with: a row among what was data changes what the same lines do.
        if (rowsAmongData != amongData || assigned.Any(name => frame.Scope.Find(name) is { } after && (after is Foreign || Values.HoldsRow(after))))
        {
            var (first, second) = (changes[made..].ToHashSet(), changes.Count);
            flow = turns();
            for (var i = changes.Count - 1; i >= second; i--)
            {
                if (first.Contains(changes[i]))
                    changes.RemoveAt(i);
            }
        }

        conditional--;
        frame.MaybeBroken = broken;
        if (flow == Flow.Return)
            Maybe(Flow.Return);
        if (otherwise.Count > 0 && flow != Flow.Raise)
            return Either(() => Block(otherwise), () => Flow.Normal);
        return Flow.Normal;
    }

    private Flow While(WhileStatement loop)
    {
        var broken = frame.MaybeBroken;
        frame.MaybeBroken = false;
        for (var turn = 0; turn < MostWhileTurns && !frame.MaybeBroken && loop.Test is not Literal; turn++)
        {
            if (Evaluated(loop.Test, out var test) == Flow.Raise)
                return Flow.Raise;
            var truth = Values.Truth(test);
            if (truth == false)
            {
                frame.MaybeBroken = broken;
                return Block(loop.Otherwise);
            }

            if (truth is null)
                break;
            var flow = Turn(() => { }, loop.Body);
            if (flow is Flow.Return or Flow.Raise or Flow.Break)
            {
                frame.MaybeBroken = broken;
                return flow == Flow.Break ? Flow.Normal : flow;
            }
        }

        frame.MaybeBroken = broken;
        return Loop(
            () =>
            {
                Evaluate(loop.Test);
                return Either(() => LastTurn(() => { }, loop.Body), () => Flow.Normal);
            },
            loop.Body,
            loop.Otherwise);
    }
}
