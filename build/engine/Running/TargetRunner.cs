using Runback.Engine.Graph;
using Runback.Engine.Output;

namespace Runback.Engine.Running;

/// <summary>Runs a plan: whatever waits for nothing runs at once, side by side; after a failure or an interruption only the assured targets.</summary>
internal sealed class TargetRunner(NukeBuild build, ExecutionPlan plan, BuildConsole console, OutputStreams streams, IReadOnlyList<TargetWriter> writers, Interruption interruption)
{
    private readonly Lock hooks = new();
    private readonly Dictionary<Task, ExecutableTarget> running = [];
    private bool failed;

    private bool Stops => failed || interruption.ExitCode is not null;

    /// <summary>Runs all of it. Never throws for a target's failure.</summary>
    public async Task RunAsync()
    {
        interruption.Running = () => string.Join(", ", plan.Targets.Where(x => x.Status == ExecutionStatus.Running).Select(x => x.Name));
        var pending = plan.Targets.ToList();
        while (true)
        {
            StartReady(pending);
            if (running.Count == 0)
                break;
            var ended = await Task.WhenAny(running.Keys);
            Settle(ended);
        }

        foreach (var target in pending.Where(x => x.AssuredAfterFailure && x.Status == ExecutionStatus.Scheduled))
        {
            if (!Begin(target))
                continue;
            var ended = running.Keys.Single();
            await Task.WhenAny(ended);
            Settle(ended);
        }

        foreach (var target in plan.Targets.Where(x => x.Status == ExecutionStatus.Scheduled))
            target.Status = ExecutionStatus.NotRun;
    }

    private void StartReady(List<ExecutableTarget> pending)
    {
        for (var i = 0; i < pending.Count && !Stops; i++)
        {
            var target = pending[i];
            if (plan.WaitsFor(target).Any(x => pending.Contains(x) || x.Status == ExecutionStatus.Running))
                continue;
            pending.RemoveAt(i);
            if (!Begin(target))
                i = -1; // It needed no time: others may be ready now.
            else
                i--;
        }
    }

    /// <summary>Starts a target, or settles at once one that has nothing to run.</summary>
    /// <returns>Whether it runs now.</returns>
    private bool Begin(ExecutableTarget target)
    {
        try
        {
            if (SkipMarker.ApplyConditions(plan.Targets, target, target.Definition.DynamicConditions))
            {
                lock (hooks)
                    build.OnTargetSkipped(target.Name);
                return false;
            }
        }
        catch (Exception exception)
        {
            Fail(target, exception);
            return false;
        }

        if (target.Definition.Actions.Count == 0)
        {
            target.Status = ExecutionStatus.Collective;
            return false;
        }

        target.Status = ExecutionStatus.Running;
        if (running.Count > 0)
        {
            foreach (var other in running.Values.Append(target))
                streams.Share(other);
        }

        console.Heading(target, alone: running.Count == 0);
        target.StartWatch();
        // A thread of its own: an action that blocks must not hold up the others.
        var task = Task.Factory.StartNew(() => BodyAsync(target), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        running.Add(task, target);
        return true;
    }

    private async Task BodyAsync(ExecutableTarget target)
    {
        RunningTarget.Current = target;
        lock (hooks)
            build.OnTargetRunning(target.Name);
        foreach (var action in target.Definition.Actions)
            await action();
    }

    private void Settle(Task ended)
    {
        running.Remove(ended, out var target);
        target!.StopWatch();
        foreach (var writer in writers)
            writer.EndLine(target);
        if (ended.IsCompletedSuccessfully)
        {
            target.Status = ExecutionStatus.Succeeded;
            Notify(target, build.OnTargetSucceeded);
        }
        else
        {
            Fail(target, ended.Exception ?? (Exception)new OperationCanceledException());
        }

        console.Ended(target, alone: streams.PrefixOf(target) is null);
    }

    private void Fail(ExecutableTarget target, Exception exception)
    {
        target.Failure = Failures.Unwrap(exception);
        var aborted = interruption.ExitCode is not null && target.Failure is OperationCanceledException;
        target.Status = aborted ? ExecutionStatus.Aborted : ExecutionStatus.Failed;
        failed |= !target.ProceedAfterFailure;
        if (aborted)
            console.Error($"{target.Name} was interrupted.", null);
        else
            console.Failure($"{target.Name} failed", exception);
        Notify(target, build.OnTargetFailed);
    }

    private void Notify(ExecutableTarget target, Action<string> hook)
    {
        try
        {
            lock (hooks)
                hook(target.Name);
        }
        catch (Exception exception)
        {
            target.Status = ExecutionStatus.Failed;
            target.Failure ??= Failures.Unwrap(exception);
            failed = true;
            console.Failure($"{hook.Method.Name} of {target.Name} failed", exception);
        }
    }
}
