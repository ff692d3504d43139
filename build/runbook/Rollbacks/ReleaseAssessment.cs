using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Assessment;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Processes;
using Runback.Runbook.Releases;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Rollbacks;

/// <summary>The verdict of the migrations that a rollback to a release would keep, and the strategies that remain.</summary>
/// <param name="Assessment">The verdict.</param>
/// <param name="Choices">The strategies, with why the others don't remain.</param>
public sealed record AssessedRelease(PathAssessment Assessment, IReadOnlyList<StrategyChoice> Choices)
{
    /// <summary>The document that <c>Assess --json</c> prints.</summary>
    public string ToJson() => AssessmentJson.Write(Assessment, json =>
    {
        json.WriteStartArray("strategies");
        foreach (var choice in Choices)
        {
            json.WriteStartObject();
            json.WriteString("strategy", choice.Strategy.ToString());
            json.WriteBoolean("open", choice.IsOpen);
            json.WriteString("whyNot", choice.WhyNot);
            json.WriteString("command", choice.Command);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>The same for people.</summary>
    public IEnumerable<string> Lines() => AssessmentText.Lines(Assessment).Concat(ChoicesText.Lines(Choices));
}

/// <summary>Judges the migrations that a rollback to a release would keep. It changes nothing and takes no lock.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="request">What was asked for.</param>
public sealed class ReleaseAssessment(Deployment deployment, RollbackRequest request)
{
    /// <summary>Reads both images and the database's revisions, and judges.</summary>
    /// <param name="tag">The release to go back to; its image must be on the engine's host.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="RunbookException">Something can't be read, or the release isn't an older one of the same history.</exception>
    public async Task<AssessedRelease> AssessAsync(Tag tag, CancellationToken cancellation)
    {
        using var engine = new EngineApi();
        using var probe = new HttpProbe();
        var situation = await new Observer(deployment, engine, probe, Shell.Quiet).ObserveAsync(cancellation);
        var reference = deployment.Reference(tag.Value);
        var image = await engine.ImageAsync(reference, cancellation)
            ?? throw RunbookException.Refused($"expected the image {reference} on the engine's host, found none", $"docker pull {reference}");
        var history = await new HistoryReader(deployment, engine).ReadAsync(situation, null, Ledger.Of(deployment).Read(), image.Id, cancellation);
        if (history.Path is not { } path)
            throw RunbookException.Refused($"expected to read how the database stands to {tag}, found: {history.Problem}", history.ProblemHint ?? "see that the database runs, and where the image keeps its migrations (--migrations-directory)");
        var assessment = path.Kind switch
        {
            PathKind.Ahead => history.Assessment!,
            PathKind.Same => VerdictOfPath.Assess([]),
            _ => throw RunbookException.Refused(
                $"expected a database that is ahead of {tag}, found {path.Kind}: it has {string.Join(", ", history.Revisions ?? [])}, and lacks {path.Missing.Count} of {tag}'s migrations",
                "choose a release whose migrations the database has: ./build.sh Releases"),
        };
        return new AssessedRelease(assessment, await new StrategyChoices(deployment, request).ListAsync(tag.Value, history, null, cancellation));
    }
}
