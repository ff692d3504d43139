using Runback.Runbook.Deployments;

namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>
/// Exchanging the containers changes their release and nothing else: they were made from the files that the profile names, and what those, the env file and the
/// shell say now is what the containers have. Or the operator accepted that more changes.
/// </summary>
public sealed class DriftGate : IGate
{
    private const int Shown = 8;

    /// <inheritdoc/>
    public string Name => "drift";

    /// <inheritdoc/>
    public Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation)
    {
        var drift = new ServiceDrift(context.Deployment, context.Situation.Project);
        List<string> files = [.. context.Situation.Services.Select(state => state.Container).OfType<Engines.Container>()
            // One that isn't here can't be named either: what it said is seen in the differences.
            .SelectMany(drift.UnnamedFiles).Where(File.Exists).Distinct(StringComparer.Ordinal)];
        List<string> differences =
        [
            .. context.Situation.Services.Select(state => (state.Service, Of: drift.Of(state, context.Situation.Pin))).Where(one => one.Of.Count > 0)
                .Select(one => $"{one.Service}: {string.Join(", ", one.Of.Take(Shown))}{(one.Of.Count > Shown ? $" and {one.Of.Count - Shown} more" : "")}"),
        ];
        if (files.Count == 0 && differences.Count == 0)
            return Task.FromResult(new GateResult(Name, true, "only the release changes"));
        List<string> found = [.. differences];
        if (files.Count > 0)
            found.Insert(0, $"what runs was made from {string.Join(" and ", files)} too");
        var all = string.Join("; ", found);
        return Task.FromResult(context.Request.AcceptDrift
            ? new GateResult(Name, true, $"{all}; as accepted")
            : new GateResult(Name, false, $"expected `up` to change nothing but the release, found: {all}", files.Count > 0
                ? $"name every file that the deployment is made from: --compose-files {string.Join(' ', context.Deployment.ComposeFiles.Concat(files.Select(file => Path.GetRelativePath(context.Deployment.Directory, file))))}; --accept-drift goes on without"
                : "make the compose files, the env file and this shell's variables say what runs, or go on with all of it changed: --accept-drift"));
    }
}
