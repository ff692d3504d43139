using System.Text.RegularExpressions;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>
/// Compose knows what is asked of it. The oldest version whose <c>config</c>, <c>pull</c> and <c>up</c> were tried is 2.20; one that doesn't tell its number is
/// somebody's own build, and what it prints is looked at all the same.
/// </summary>
public sealed partial class ComposeGate : IGate
{
    private static readonly Version Oldest = new(2, 20);

    /// <inheritdoc/>
    public string Name => "compose";

    /// <inheritdoc/>
    public async Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation)
    {
        var command = new Command("docker", "compose", "version", "--short");
        var answer = await context.Shell.TryAsync(command, cancellation);
        var said = answer.Output.Trim();
        if (!answer.Succeeded)
            return new GateResult(Name, false, $"expected `{command}` to tell a version, found: {answer.Complaint}", "install the Compose plugin, version 2.20 or later");
        return Read(said) is { } version && version < Oldest
            ? new GateResult(Name, false, $"expected Compose {Oldest} or later, found {said}", "upgrade the Compose plugin on the host from which this is run: https://docs.docker.com/compose/install/linux/")
            : new GateResult(Name, true, said);
    }

    /// <summary>The version in what Compose prints, with or without a leading v and what a distribution adds; null when there is none.</summary>
    internal static Version? Read(string text) => Number().Match(text) is { Success: true } match && Version.TryParse(match.Groups[1].Value, out var version) ? version : null;

    [GeneratedRegex(@"\Av?([0-9]{1,5}\.[0-9]{1,5}(\.[0-9]{1,5})?)")]
    private static partial Regex Number();
}
