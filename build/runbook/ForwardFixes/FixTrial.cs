using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Processes;

namespace Runback.Runbook.ForwardFixes;

/// <summary>How an application did on the fixed copy.</summary>
/// <param name="Name">Which: a tag.</param>
/// <param name="Passed">Whether everything that was asked of it worked.</param>
/// <param name="Detail">What it answered, in one sentence.</param>
public sealed record FixProof(string Name, bool Passed, string Detail);

/// <summary>How a fix did on a copy of the database.</summary>
/// <param name="Steps">Each Alembic command with its result, in order; the first that fails is the last.</param>
/// <param name="Applications">How the applications did; empty when Alembic failed before.</param>
public sealed record FixTrialResult(ValueList<(string Command, bool Passed, double Seconds, string Said)> Steps, ValueList<FixProof> Applications)
{
    /// <summary>True when everything worked, and at least one application was tried.</summary>
    public bool Passed => Steps.All(step => step.Passed) && Applications.Count > 0 && Applications.All(proof => proof.Passed);

    /// <summary>It in lines for people.</summary>
    public IEnumerable<string> Lines =>
    [
        Passed ? "Tried on a copy of the database: it works." : "Tried on a copy of the database: IT DOES NOT WORK.",
        .. Steps.Select(step => $"  alembic {step.Command}: {(step.Passed ? $"{step.Seconds:0.0} s" : $"failed: {step.Said}")}"),
        .. Applications.Select(proof => $"  {proof.Name}: {(proof.Passed ? "works" : "fails")}: {proof.Detail}"),
    ];
}

/// <summary>Tries a fix on a copy that holds the kept schema: up, down and up again, then the applications on it.</summary>
/// <param name="alembic">Runs Alembic of the newer image on the copy with the file added to its migrations, with these arguments.</param>
/// <param name="applications">Tries the applications, old and new, on the copy.</param>
public sealed class FixTrial(
    Func<string, IReadOnlyList<string>, CancellationToken, Task<CommandResult>> alembic, Func<CancellationToken, Task<IReadOnlyList<FixProof>>> applications)
{
    /// <summary>Tries it. A failure is a result, not an exception.</summary>
    /// <param name="file">The migration's file on this host.</param>
    /// <param name="revision">Its revision.</param>
    /// <param name="heads">The revisions that it follows. With several of them the way down is not tried: Alembic takes one name.</param>
    /// <param name="cancellation">Ends the trial.</param>
    public async Task<FixTrialResult> RunAsync(string file, string revision, IReadOnlyList<string> heads, CancellationToken cancellation)
    {
        List<string[]> commands = [["upgrade", revision]];
        if (heads is [var only])
            commands.AddRange([["downgrade", only], ["upgrade", revision]]);
        var steps = new List<(string, bool, double, string)>();
        foreach (var command in commands)
        {
            var result = await alembic(file, command, cancellation);
            steps.Add((string.Join(' ', command), result.Succeeded, result.Duration.TotalSeconds, result.Succeeded ? "" : result.Complaint));
            if (!result.Succeeded)
                return new FixTrialResult(steps.ToValueList(), []);
        }
        return new FixTrialResult(steps.ToValueList(), (await applications(cancellation)).ToValueList());
    }
}
