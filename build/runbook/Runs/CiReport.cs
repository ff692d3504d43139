using System.Globalization;

namespace Runback.Runbook.Runs;

/// <summary>
/// Tells the CI system that runs this how a run ended, in the ways that it understands: GitHub's step summary, outputs and annotations
/// (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands), GitLab's dotenv report and artifacts
/// (https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv). Elsewhere it does nothing. What can't be written is told,
/// and never changes how the run ended.
/// </summary>
/// <param name="environment">Gives an environment variable's value, or null.</param>
/// <param name="secrets">What is masked in everything that is written.</param>
/// <param name="lines">Where lines for the CI system's log go.</param>
public sealed class CiReport(Func<string, string?> environment, Secrets secrets, TextWriter lines)
{
    // GitHub shows ten annotations of a kind for a step; the headline is one of them.
    private const int MostChecks = 9;

    /// <summary>Says where a run writes to: a job that is ended by force keeps at least that.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="folder">Its folder, or null in a dry run.</param>
    public void Begin(string run, string? folder)
    {
        if (environment("GITHUB_ACTIONS") == "true")
            Attempt("GITHUB_OUTPUT", file => File.AppendAllText(file, WorkflowOutput.Of(Masked([("run", run), ("folder", folder ?? "")]))));
    }

    /// <summary>Writes all that the CI system here understands.</summary>
    /// <param name="result">How the run ended.</param>
    /// <param name="folder">The run's folder, or null in a dry run.</param>
    public void Write(RunResult result, string? folder)
    {
        if (environment("GITHUB_ACTIONS") == "true")
        {
            Attempt("GITHUB_STEP_SUMMARY", file => StepSummary.Append(file, secrets.Mask(Markdown(result))));
            Attempt("GITHUB_OUTPUT", file => File.AppendAllText(file, WorkflowOutput.Of(Masked(Facts(result, folder)))));
            Annotate(result);
        }
        if (environment("GITLAB_CI") == "true")
        {
            Attempt("CI_PROJECT_DIR", project => File.WriteAllText(Path.Combine(project, GitLabFiles.Dotenv), GitLabFiles.DotenvOf(Masked(Facts(result, folder)))));
            Attempt("CI_PROJECT_DIR", project => GitLabFiles.Copy(folder, project));
        }
    }

    // A dry run leaves no report.
    private static string Markdown(RunResult result) => result.Report is { } report && File.Exists(report)
        ? File.ReadAllText(report)
        : $"```text\n{Headline.Of(result).Replace('`', '\'')}\n```\n";

    private static (string Name, string Value)[] Facts(RunResult result, string? folder) =>
    [
        ("outcome", result.Outcome.ToString()),
        ("exit-code", result.ExitCode.ToString(CultureInfo.InvariantCulture)),
        ("run", result.Run),
        ("from", result.From?.Tag ?? ""),
        ("to", result.To?.Tag ?? ""),
        ("report", result.Report ?? ""),
        ("folder", folder ?? ""),
    ];

    private IEnumerable<(string Name, string Value)> Masked(IEnumerable<(string Name, string Value)> facts) =>
        facts.Select(fact => (fact.Name, secrets.Mask(fact.Value)));

    private void Annotate(RunResult result)
    {
        var headline = Headline.Of(result);
        lines.WriteLine(result.Outcome == Outcome.Done
            ? WorkflowCommand.Of("notice", $"{result.Target} done", secrets.Mask(headline))
            : WorkflowCommand.Of("error", $"{result.Target} {result.Outcome}", secrets.Mask(headline)));
        foreach (var check in result.Checks.Where(check => !check.Passed).Take(MostChecks))
        {
            var text = $"expected {check.Expected}, found {check.Found}{(check.Hint is null ? "" : $"\nhint: {check.Hint}")}";
            lines.WriteLine(WorkflowCommand.Of("warning", secrets.Mask($"check {check.Name}"), secrets.Mask(text)));
        }
    }

    private void Attempt(string variable, Action<string> write)
    {
        if (environment(variable) is not { Length: > 0 } path)
            return;
        try
        {
            write(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            lines.WriteLine(Narration.Inert(Narration.Printable(secrets.Mask($"! the CI system can't be told everything, {variable}: {exception.Message}"))));
        }
    }
}
