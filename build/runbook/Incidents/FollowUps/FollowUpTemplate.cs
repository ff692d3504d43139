using System.Text.RegularExpressions;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Incidents.FollowUps;

/// <summary>
/// The ticket's text: Markdown with placeholders like <c>{release}</c>, its first line (<c># …</c>) the title. A value becomes a code span or a fenced
/// block, so that nothing in it is a mention, a reference or a link; in the title it is plain.
/// </summary>
public sealed partial class FollowUpTemplate
{
    private const int TitleRoom = 240;
    private const int BodyRoom = 60_000;
    private const string None = "not known";

    /// <summary>The placeholders: what each stands for, and how its value is found.</summary>
    private static readonly Dictionary<string, Func<FollowUpFacts, string, Value>> Placeholders = new(StringComparer.Ordinal)
    {
        ["deployment"] = (facts, _) => new(facts.Deployment),
        ["release"] = (facts, _) => new(facts.Release),
        ["target"] = (facts, _) => new(facts.Target),
        ["strategy"] = (facts, _) => new(facts.Strategy),
        ["revisions-before"] = (facts, _) => new(Joined(facts.RevisionsBefore)),
        ["revisions-after"] = (facts, _) => new(Joined(facts.RevisionsAfter)),
        ["verdict"] = (facts, _) => new(facts.Verdict),
        ["reasons"] = (facts, _) => new(null, facts.Reasons),
        ["data-loss"] = (facts, _) => new(facts.DataLoss),
        ["incident"] = (facts, _) => new(facts.Incident),
        ["reason"] = (facts, _) => new(facts.Reason),
        ["operator"] = (facts, _) => new(facts.Operator),
        ["host"] = (facts, _) => new(facts.Host),
        ["backup"] = (facts, _) => new(facts.Backup),
        ["outcome"] = (facts, _) => new(facts.Outcome),
        ["duration"] = (facts, _) => new(facts.Duration is { } span ? PlainText.Span(span) : null),
        ["outage"] = (facts, _) => new(facts.Outage is { } span ? PlainText.Span(span) : null),
        ["timeline"] = (facts, _) => new(null, facts.Timeline),
        ["report"] = (facts, _) => new(facts.Report),
        ["started"] = (facts, _) => new(facts.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'")),
        ["run"] = (_, run) => new(run),
    };

    private readonly string _title;
    private readonly string _body;

    private FollowUpTemplate(string title, string body)
    {
        _title = title;
        _body = body;
    }

    /// <summary>The template that is used when the profile names none.</summary>
    public static FollowUpTemplate Default { get; } = Parse(
        """
        # Forward-fix for {release} ({deployment})

        {deployment} was rolled back from {release} to {target} (strategy {strategy}), started {started} by {operator} on {host}. Incident: {incident}.

        **What is to be done:** ship a release after {release} that fixes what made the rollback necessary, and that brings its schema change again where it was undone.

        - **Outcome:** {outcome}
        - **Duration:** {duration}, clients noticed {outage}
        - **Why no forward-fix then:** {reason}
        - **Database revisions before:** {revisions-before}
        - **Database revisions after:** {revisions-after}
        - **Verdict of the migrations:** {verdict}
        - **Data lost:** {data-loss}
        - **Backup:** {backup}
        - **Report:** {report}
        - **Run:** {run}

        ### Reasons of the verdict

        {reasons}

        ### Timeline

        {timeline}

        ### Before this is closed

        - [ ] cause found and written down
        - [ ] forward-fix released and verified
        - [ ] what was lost is replayed, or accepted
        - [ ] backups and databases that the rollback kept are removed
        """,
        "the built-in template");

    /// <summary>The template in a file, or the built-in one for null.</summary>
    /// <exception cref="RunbookException">The file can't be read, or isn't a template.</exception>
    public static FollowUpTemplate Load(string? file)
    {
        if (string.IsNullOrEmpty(file))
            return Default;
        try
        {
            return Parse(File.ReadAllText(file), file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RunbookException.Usage($"expected the follow-up's template in {file}, found: {exception.Message}", "name a file that can be read, or none for the built-in template");
        }
    }

    /// <summary>Reads a template.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="name">Its name in an error.</param>
    /// <exception cref="RunbookException">It has no title, or a placeholder that isn't known.</exception>
    public static FollowUpTemplate Parse(string text, string name)
    {
        var lines = text.ReplaceLineEndings("\n").TrimStart('\n', '\ufeff').Split('\n', 2);
        if (!lines[0].StartsWith("# ", StringComparison.Ordinal) || lines[0].Trim().Length < 3 || lines.Length < 2)
            throw RunbookException.Usage($"expected `# ` and the ticket's title in the first line of {name}, found something else", "write the title as a Markdown heading, and the body beneath it");
        foreach (Match match in PlaceholderPattern().Matches(text))
        {
            if (Placeholders.ContainsKey(match.Groups["name"].Value))
                continue;
            throw RunbookException.Usage(
                $"expected only known placeholders in {name}, found {match.Value}",
                $"known are {string.Join(", ", Placeholders.Keys.Select(key => $"{{{key}}}"))}");
        }
        return new FollowUpTemplate(lines[0][2..].Trim(), lines[1].Trim());
    }

    /// <summary>The ticket's title, one plain line.</summary>
    internal string Title(FollowUpFacts facts, string run) =>
        PlainText.Clip(PlainText.Line(PlaceholderPattern().Replace(_title, match => Find(match, facts, run).Line ?? "?")), TitleRoom);

    /// <summary>The ticket's body, the run's marker as its last line.</summary>
    internal string Body(FollowUpFacts facts, string run) =>
        PlainText.Clip(PlaceholderPattern().Replace(_body, match => Find(match, facts, run).Markdown), BodyRoom) + $"\n\n{GitHub.Marker.Of(run)}\n";

    private static Value Find(Match match, FollowUpFacts facts, string run) => Placeholders[match.Groups["name"].Value](facts, run);

    private static string? Joined(IReadOnlyList<string> revisions) => revisions.Count == 0 ? null : string.Join(", ", revisions);

    private sealed record Value(string? Line, IReadOnlyList<string>? Lines = null)
    {
        public string Markdown => Lines is { Count: > 0 } ? MarkdownText.Block(Lines) : string.IsNullOrWhiteSpace(Line) ? None : MarkdownText.Code(Line);
    }

    [GeneratedRegex(@"\{(?<name>[a-z][a-z-]*)\}")]
    private static partial Regex PlaceholderPattern();
}
