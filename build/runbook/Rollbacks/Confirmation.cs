using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>Asks a person before production is changed. The lab, a dry run, and whoever said <c>--yes</c> aren't asked.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="given">Whether the answer was given on the command line.</param>
/// <param name="narration">Where it is asked.</param>
public sealed class Confirmation(Deployment deployment, bool given, Narration narration)
{
    // The lab's folder carries this file: what is asked for depends on what a deployment is, not on what its profile is called.
    private const string LabMarker = ".runback-lab";

    private bool IsWanted => !given && !File.Exists(Path.Combine(deployment.Directory, LabMarker));

    /// <summary>Sees that the question can be asked, before any time is spent.</summary>
    /// <exception cref="RunbookException">There is no terminal, and <c>--yes</c> wasn't given.</exception>
    public void ThrowUnlessAnswerable()
    {
        if (IsWanted && Console.IsInputRedirected)
        {
            throw RunbookException.Usage(
                "expected a terminal on which a person can confirm the change, found none",
                "add --yes to go ahead without asking, or --dry-run to see what would be done");
        }
    }

    /// <summary>Says what will be done and waits for a yes, or for a name that nobody types by accident.</summary>
    /// <param name="what">What will be done.</param>
    /// <param name="name">What has to be typed instead of yes, or null.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RunbookException">The answer was another one; nothing was changed.</exception>
    public async Task AskAsync(string what, string? name, CancellationToken cancellation)
    {
        if (!IsWanted)
            return;
        narration.Say($"\n{what}\nType {(name is null ? "yes" : $"the database's name, {name},")} to go on:");
        var answer = (await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellation))?.Trim();
        if (name is null ? answer?.ToUpperInvariant() is not ("YES" or "Y") : answer != name)
            throw RunbookException.Refused($"expected {name ?? "a yes"}, found another answer", "nothing was changed; --dry-run shows what would be done");
    }
}
