using Runback.Engine.Graph;
using Runback.Engine.Output;

namespace Runback.Engine.Running;

/// <summary>Runs a plan: whatever waits for nothing runs at once, side by side; after a failure or an interruption only the assured targets.</summary>
internal sealed class TargetRunner(NukeBuild build, ExecutionPlan plan, BuildConsole console, OutputStreams streams, IReadOnlyList<TargetWriter> writers, Interruption interruption)
{
    private readonly Lock hooks = new();
    private readonly Dictionary<ExecutableTarget, Task> running = [];
    private bool failed;

    private bool Stops => failed || interruption.ExitCode is not null;

    /// <summary>
    /// Runs all of it, and blocks meanwhile: what comes after a target must not run inside the signal handler that ended it, before the
    /// engine's own handler had its turn. Never throws for a target's failure.
    /// </summary>
    public void Run()
    {
        interruption.Running = () => string.Join(", ", plan.Targets.Where(x => x.Status == ExecutionStatus.Running).Select(x => x.Name));
        var pending = plan.Targets.ToList();
        while (true)
        {
            StartReady(pending);
            if (running.Count == 0)
                break;
            Task.WaitAny([.. running.Values]);
            foreach (var target in running.Keys.Where(x => running[x].IsCompleted).OrderBy(x => x.Index).ToList())
                Settle(target);
        }

        foreach (var target in pending.Where(x => x.AssuredAfterFailure && x.Status == ExecutionStatus.Scheduled))
        {
            if (!HasWork(target))
                continue;
            Begin(target, alone: true);
            Task.WaitAny(running[target]);
            Settle(target);
        }

        foreach (var target in plan.Targets.Where(x => x.Status == ExecutionStatus.Scheduled))
            target.Status = ExecutionStatus.NotRun;
    }

    private void StartReady(List<ExecutableTarget> pending)
    {
        var ready = new List<ExecutableTarget>();
        for (var i = 0; i < pending.Count && !Stops; i++)
        {
            var target = pending[i];
            if (plan.WaitsFor(target).Any(x => pending.Contains(x) || ready.Contains(x) || x.Status == ExecutionStatus.Running))
                continue;
            pending.RemoveAt(i);
            if (HasWork(target))
                ready.Add(target);
            // One without work is settled, so others before it in the list may be ready now.
            i = -1;
        }

        if (Stops)
        {
            pending.InsertRange(0, ready);
            return;
        }

        foreach (var target in ready)
            Begin(target, alone: ready.Count == 1 && running.Count == 0);
    }

    /// <summary>Settles at once a target that is skipped or has no action.</summary>
    /// <returns>Whether it is to run.</returns>
    private bool HasWork(ExecutableTarget target)
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

        return true;
    }

    private void Begin(ExecutableTarget target, bool alone)
    {
        target.Status = ExecutionStatus.Running;
        if (!alone)
        {
            foreach (var other in running.Keys.Append(target))
                streams.Share(other);
        }

        console.Heading(target, alone);
        target.StartWatch();
        // A thread of its own: an action that blocks must not hold up the others.
        var task = Task.Factory.StartNew(() => BodyAsync(target), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        running.Add(target, task);
    }

    private async Task BodyAsync(ExecutableTarget target)
    {
        RunningTarget.Current = target;
        lock (hooks)
            build.OnTargetRunning(target.Name);
        foreach (var action in target.Definition.Actions)
            await action();
    }

    private void Settle(ExecutableTarget target)
    {
        running.Remove(target, out var ended);
        target.StopWatch();
        foreach (var writer in writers)
            writer.EndLine(target);
        if (ended!.IsCompletedSuccessfully)
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
        var aborted = target.Failure is OperationCanceledException && interruption.HasComeOrIsComing();
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
