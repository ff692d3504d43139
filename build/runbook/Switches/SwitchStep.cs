using Runback.Runbook.Cutover;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Switches;

/// <summary>
/// Turns a switch (the runbook's section 4): set in the env file, every consumer exchanged on the release that runs now, read back from the running
/// containers, and its endpoints seen to answer so. The serving services overlap where two of them can run, so that the application stays online.
/// </summary>
/// <param name="context">The run's context.</param>
/// <param name="declaration">The switch.</param>
/// <param name="position">Which way.</param>
public sealed class SwitchStep(RollbackContext context, SwitchDeclaration declaration, SwitchPosition position)
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(10);

    private string Wanted => declaration.Value(position);

    /// <summary>Turns it; where it is turned already, proves it.</summary>
    /// <exception cref="RunbookException">It couldn't be turned; it is as it was then, unless a person must look.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        context.Confirmation.ThrowUnlessAnswerable();
        var situation = await context.BeginAsync(cancellation);
        context.Run.Result.To = context.Run.Result.From;
        var containers = await ContainersAsync(situation, cancellation);
        if (new Pin(context.Deployment, declaration.Variable).Read() == Wanted && new SwitchReading(declaration).Of(containers, position).All(check => check.Passed))
        {
            context.Say($"{declaration.Name} is {position} already: it is verified, and nothing is exchanged");
            await VerifyAsync(situation, cancellation);
            return;
        }
        if (!situation.RunsWhatIsPinned)
        {
            throw RunbookException.Refused(
                $"expected the env file to pin what runs, found {situation.Pin ?? "nothing"} pinned and {situation.RunningTag ?? "nothing"} running: exchanging containers would bring another release",
                "finish that first: ./build.sh Rollback --tag TAG, or your deploy");
        }
        await context.Confirmation.AskAsync(
            $"{declaration.Name} of {situation.Project.Name} will be turned {position} ({declaration.Variable}={Wanted}): {string.Join(" and ", declaration.Consumers)} are exchanged on {situation.RunningTag}.", null, cancellation);
        await TurnAsync(situation, cancellation);
    }

    private async Task TurnAsync(Situation situation, CancellationToken cancellation)
    {
        var pin = new Pin(context.Deployment, declaration.Variable);
        var kept = await pin.WriteAsync(Wanted, context.Run);
        if (kept is not null)
            context.Run.Result.Kept.Add($"the env file as it was: `{kept}`");
        try
        {
            await ThrowUnlessHandedOnAsync(cancellation);
            context.BeginChanging(situation.Pin);
        }
        catch (Exception exception) when (exception is RunbookException or OperationCanceledException)
        {
            // Nothing was exchanged: with the env file as it was, nothing has happened.
            await RestoreAsync(pin, kept);
            throw;
        }
        try
        {
            context.BeginMeasuring();
            await ExchangeAsync(situation, cancellation);
            await VerifyAsync(situation, cancellation);
        }
        catch (Exception exception) when (exception is RunbookException or OperationCanceledException)
        {
            context.Say($"turning {declaration.Name} {position} failed: {exception.Message}");
            await RestoreAsync(pin, kept);
            await ExchangeAsync(situation, CancellationToken.None);
            context.Verified = true;
            context.Run.Result.Outcome = Outcome.Returned;
            throw new RunbookException(exception.Message, (exception as RunbookException)?.Hint ?? "run the same command again", Outcome.Returned, exception);
        }
    }

    private async Task RestoreAsync(Pin pin, string? kept)
    {
        if (kept is not null)
            await pin.RestoreAsync(kept, context.Run);
    }

    // Compose hands a value on only where the compose file says so; seen before anything is exchanged.
    private async Task ThrowUnlessHandedOnAsync(CancellationToken cancellation)
    {
        if (context.Run.DryRun)
            return;
        var project = await context.Observer.ProjectAsync(cancellation);
        var deaf = declaration.Consumers.Where(service => project.Service(service).Environment.GetValueOrDefault(declaration.Variable) != Wanted).ToList();
        if (deaf.Count > 0)
        {
            throw RunbookException.Refused(
                $"expected {declaration.Variable}={Wanted} to reach {string.Join(" and ", deaf)} by the compose files, found that it doesn't",
                $"hand it to them: env_file: [{context.Deployment.EnvFile}], or environment: {declaration.Variable}: ${{{declaration.Variable}}}");
        }
    }

    private async Task ExchangeAsync(Situation situation, CancellationToken cancellation)
    {
        var consumers = context.Deployment with
        {
            Services = declaration.Consumers,
            Workers = [.. context.Deployment.Workers.Intersect(declaration.Consumers, StringComparer.Ordinal)],
        };
        var overlaps = consumers.ServingServices.All(service => !situation.Project.Service(service).IsSingle);
        await new AppCutover(consumers, context.Engine, context.Run).SwitchAsync(
            situation.Project.Name, situation.Services[0].Container?.ImageId, overlaps ? CutoverMode.Overlap : CutoverMode.Recreate,
            new WorkerDrain(consumers, context.Engine, context.Run), context.Request.HealthLimit, cancellation);
        context.ExchangedAt = DateTimeOffset.UtcNow;
    }

    private async Task VerifyAsync(Situation situation, CancellationToken cancellation)
    {
        if (context.Run.DryRun)
            return;
        List<CheckRecord> checks = [.. new SwitchReading(declaration).Of(await ContainersAsync(situation, cancellation), position)];
        foreach (var (_, request) in declaration.Probes.Where(probe => probe.Position == position))
            checks.Add(await SmokeCheck.AskAsync(request, context.Probe, context.Deployment.BaseUrl, OneAnswer, VerificationContext.LongestTry, cancellation));
        var now = await context.Observer.ObserveAsync(cancellation);
        checks.Add(new CheckRecord("online", now.Serves, "the application serves", now.Health.Found, "see ./build.sh Verify"));
        context.Tell(checks);
        context.Run.Result.Outage = context.Monitor?.Measured;
        if (checks.Find(check => !check.Passed) is { } failed)
            throw new RunbookException($"{failed.Name}: expected {failed.Expected}, found {failed.Found}", failed.Hint, Outcome.Failed);
        context.Verified = true;
        if (context.Monitor is { } monitor)
            context.Say($"  online throughout: {monitor.Measured.Requests - monitor.Measured.Failed} of {monitor.Measured.Requests} probes answered, outage {monitor.Measured.Seconds:0.00} s");
    }

    private Task<IReadOnlyList<Container>> ContainersAsync(Situation situation, CancellationToken cancellation) =>
        context.Engine.ContainersAsync(cancellation, $"{Labels.Project}={situation.Project.Name}", $"{Labels.OneOff}=False");
}
