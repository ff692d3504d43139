using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Assessment;
using Runback.Runbook.Migrations.Rules;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;

// The verdict: may the database stay as it is?
internal sealed partial class Build
{
    [Parameter("Folders of migrations to judge offline; without them those in the images are judged")]
    private readonly string[] Migrations = [];

    [Parameter("The revision, or commit, tag or branch, after which the judged migrations begin")]
    private readonly string? From;

    [Parameter("The last revision, or the commit, tag or branch, whose migrations are judged")]
    private readonly string? To;

    [Parameter("Rules whose findings the gate for pull requests lets through, as caution: drop-column; they are shown all the same")]
    private readonly string[] Allow = [];

    [Parameter("The rule whose page is shown")]
    private readonly string? Rule;

    private Target Assess => _ => _
        .Description("Judges the migrations that a rollback to --tag would keep, or, offline, those of --migrations; exit code 3 when old code must not run on them")
        .Executes(() => Wait(async cancellation =>
        {
            Verdict verdict;
            if (Migrations.Length > 0)
            {
                var assessment = await OfflineAssessment.RunAsync([.. Migrations.Select(folder => Path.GetFullPath(folder))], From, To, cancellation, Allow);
                Present(AssessmentJson.Write(assessment), AssessmentText.Lines(assessment));
                verdict = assessment.Verdict;
            }
            else if (Allow.Length > 0)
            {
                throw RunbookException.Usage("expected --migrations beside --allow, found none", "--allow is for the gate of a pull request: in production nothing is let through unseen");
            }
            else
            {
                var assessed = await new ReleaseAssessment(Deployment, Request).AssessAsync(Runback.Runbook.Releases.Tag.Parse(Needed(Tag, nameof(Tag))), cancellation);
                Present(assessed.ToJson(), assessed.Lines());
                verdict = assessed.Assessment.Verdict;
            }
            if (verdict.Blocks())
                ExitCode = Outcome.Refused.ExitCode();
        }));

    private Target Rules => _ => _
        .Description("Lists the rules by which migrations are judged, or shows one's page: --rule drop-column")
        .Executes(() => Wait(_ =>
        {
            var found = Rule is null ? null : RuleList.Find(Rule)
                ?? throw RunbookException.Usage($"expected a rule, found `{Rule}`", $"the rules are: {string.Join(", ", RuleList.All.Select(rule => rule.Id).Order(StringComparer.Ordinal))}");
            foreach (var line in found is null ? RuleText.List() : RuleText.Page(found))
                Tell(line);
            return Task.CompletedTask;
        }));
}
