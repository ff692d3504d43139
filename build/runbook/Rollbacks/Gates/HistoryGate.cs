using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.History;

namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>The database has all of the target's migrations, and the course deals with those that it has besides: harmless ones stay, others are rehearsed, mended or undone.</summary>
public sealed class HistoryGate : IGate
{
    private const string Choices = "a forward-fix is the runbook's preference: mend it with a new migration and deploy that; ./build.sh Assess shows each migration";

    /// <inheritdoc/>
    public string Name => "database history";

    /// <inheritdoc/>
    public bool Concerns(Course course) => course != Course.Restore;

    /// <inheritdoc/>
    public Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation) => Task.FromResult(
        Judge(context.History, context.Course, context.Request.Strategy == Strategy.AppOnly, context.Target.Tag, isDryRun: context.Shell.DryRun && context.Target.Prepared is null));

    /// <summary>Judges a history.</summary>
    /// <param name="history">What was read.</param>
    /// <param name="course">What the run would do with the database.</param>
    /// <param name="acceptsCaution">Whether the operator keeps what calls for caution without a rehearsal.</param>
    /// <param name="tag">The target's tag.</param>
    /// <param name="isDryRun">Whether the target's image is missing only because a dry run pulls nothing.</param>
    internal GateResult Judge(ReleaseHistory history, Course course, bool acceptsCaution, string tag, bool isDryRun)
    {
        if (history.Path is not { } path)
        {
            return isDryRun && history is { VersionFault: null, Revisions.Count: > 0 }
                ? Pass($"not judged: the image of {tag} isn't on this host, and a dry run pulls nothing")
                : Refuse($"expected to read how the database stands to {tag}, found: {history.Problem}", history.ProblemHint ?? "see that the database runs and is the application's (--database), and where the image keeps its migrations (--migrations-directory)");
        }
        return path.Kind switch
        {
            PathKind.Same => Pass($"the database is exactly at {Revisions(history.Revisions)}, as {tag} expects"),
            PathKind.Ahead => JudgeAhead(history.Assessment!, course, acceptsCaution, tag),
            PathKind.Behind => Refuse(
                $"expected a database with all of {tag}'s migrations, found it at {Revisions(history.Revisions)}, without {Names(path.Missing)}",
                $"{tag} is newer than the database: that is a deploy, with `alembic upgrade heads`, and not a rollback"),
            PathKind.Diverged => Refuse(
                $"expected the database to have all of {tag}'s migrations, found that it has {Names(path.Path)} which {tag} doesn't know, and lacks {Names(path.Missing)}",
                $"the histories went apart: choose a release whose migrations the database has (./build.sh Releases), or {Choices}"),
            _ => Refuse(
                $"expected revisions that an image knows, found {Revisions(path.Unknown)} in the database, which neither the running release nor {tag} has{Unread(history)}",
                history.Unread.Any(image => image.Runs) ? "name the folder of the migrations with --migrations-directory, from the image's working directory; ./build.sh Assess reads them alone"
                    : "find the release that made them; its image must be on this host, so that its migrations can be read: docker pull it"),
        };
    }

    private GateResult JudgeAhead(PathAssessment assessment, Course course, bool acceptsCaution, string tag)
    {
        var scripts = assessment.Revisions.Select(revision => revision.Script).ToList();
        var kept = $"{(scripts.Count == 1 ? "1 migration" : $"{scripts.Count} migrations")} that {tag} doesn't know ({Names(scripts)})";
        var reasons = string.Join("; ", assessment.Reasons.Take(3).Select(reason => $"{reason.Rule}: {reason.Subject} ({reason.Detail})"))
            + (assessment.Reasons.Count > 3 ? $"; and {assessment.Reasons.Count - 3} more" : "");
        return (course, assessment.Verdict) switch
        {
            (Course.Downgrade, _) => Pass($"{kept} will be undone ({assessment.Verdict})"),
            (Course.ForwardFix, _) => Pass($"{kept} stay, and are mended ({assessment.Verdict}{(reasons.Length > 0 ? $": {reasons}" : "")})"),
            (Course.RehearseThenKeep, _) => Pass($"{kept} stay if the rehearsal passes; something could bite: {reasons}"),
            (Course.RehearseThenStop, _) => Pass($"{kept} are {assessment.Verdict}: {reasons}; they are rehearsed, and the choice is yours"),
            (_, Verdict.Additive) => Pass($"{kept} stay: all additive"),
            (_, Verdict.Caution) when acceptsCaution => Pass($"{kept} stay; accepted with --strategy AppOnly: {reasons}"),
            _ => Refuse($"expected additive migrations to stay, found {assessment.Verdict}: {kept}: {reasons}", $"{tag} must not run on this schema; --strategy Auto rehearses and shows the choices; {Choices}"),
        };
    }

    // The images that run first: theirs are the migrations that made the revisions, most likely.
    private static string Unread(ReleaseHistory history) =>
        history.Unread.OrderByDescending(image => image.Runs).FirstOrDefault() is not { } first ? ""
        : $"; the migrations of {first.Name}{(first.Runs ? ", which runs," : "")} can't be read: {first.Why}{(history.Unread.Count > 1 ? $" (and those of {history.Unread.Count - 1} more images)" : "")}";

    private GateResult Pass(string found) => new(Name, true, found);

    private GateResult Refuse(string found, string hint) => new(Name, false, found, hint);

    private static string Names(IReadOnlyList<Migrations.Changes.MigrationScript> scripts) =>
        Revisions([.. scripts.Take(3).Select(script => script.Revision)]) + (scripts.Count > 3 ? $" and {scripts.Count - 3} more" : "");

    private static string Revisions(IReadOnlyList<string>? revisions) => string.Join(", ", revisions ?? []);
}
