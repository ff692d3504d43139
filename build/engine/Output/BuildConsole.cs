namespace Runback.Engine.Output;

/// <summary>Everything that the engine itself prints during a run.</summary>
internal sealed class BuildConsole(OutputStreams streams, CiSystem ci, bool json, bool colour, Verbosity verbosity)
{
    private const string Red = "31";
    private const string Bold = "1";
    private const string Yellow = "33";

    /// <summary>Whether standard output is kept for a JSON document.</summary>
    public bool Json => json;

    /// <summary>Prints a line where people read: standard output, or standard error beside a JSON document.</summary>
    public void Line(string text) => streams.WriteLine(json, text);

    public void Warning(string text) => streams.WriteLine(toError: true, Paint(Yellow, "warning: ") + text);

    /// <summary>A wrong call: one line, and what to do next.</summary>
    public void Usage(UsageException exception) => Error(exception.Message, exception.Hint);

    public void Error(string message, string? hint)
    {
        streams.WriteLine(toError: true, Paint(Red, "error: ") + InertText.Of(message));
        if (!string.IsNullOrWhiteSpace(hint))
            streams.WriteLine(toError: true, Paint(Bold, "hint: ") + InertText.Of(hint));
    }

    /// <summary>What a person should know before the first target starts.</summary>
    public void Logo(string text)
    {
        if (verbosity <= Verbosity.Normal && text.Length > 0)
            Line(text);
    }

    /// <summary>A target starts.</summary>
    public void Heading(ExecutableTarget target, bool alone)
    {
        if (verbosity > Verbosity.Normal)
            return;
        if (ci == CiSystem.GitHubActions && alone)
            Line($"::group::{target.Name}");
        else if (ci == CiSystem.GitLab && alone)
            Line($"\e[0Ksection_start:{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}:{target.Name}\r\e[0K{target.Name}");
        else
            Line(alone ? Paint(Bold, $"── {target.Name} " + new string('─', Math.Max(3, 60 - target.Name.Length))) : Paint(Bold, $"{target.Name}: started"));
    }

    /// <summary>A target has ended.</summary>
    public void Ended(ExecutableTarget target, bool alone)
    {
        if (verbosity > Verbosity.Normal)
            return;
        if (ci == CiSystem.GitHubActions && alone)
            Line("::endgroup::");
        else if (ci == CiSystem.GitLab && alone)
            Line($"\e[0Ksection_end:{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}:{target.Name}\r\e[0K");
        else if (!alone)
            Line(Paint(Bold, $"{target.Name}: {target.Status} after {Summary.Seconds(target.Duration)}"));
    }

    /// <summary>Something threw.</summary>
    public void Failure(string what, Exception exception)
    {
        var failure = Failures.Describe(exception, withStack: verbosity == Verbosity.Verbose);
        Error($"{what}: {failure.Message}", failure.Hint);
        if (ci == CiSystem.GitHubActions && !Failures.IsAnnotated(exception))
        {
            var text = streams.Mask.Apply($"{what}: {failure.Message}")
                .Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
            streams.WriteLine(json, "::error::" + text);
        }
    }

    /// <summary>Tells the CI system to hide a value in its log as well.</summary>
    public void AddMask(string secret)
    {
        if (ci != CiSystem.GitHubActions)
            return;
        foreach (var line in secret.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Where(x => x.Trim().Length >= SecretForms.ShortestSecret))
            streams.WriteLine(json, "::add-mask::" + line.Replace("%", "%25", StringComparison.Ordinal), masked: false);
    }

    /// <summary>The table at the end.</summary>
    public void Summarize(IReadOnlyList<ExecutableTarget> plan, TimeSpan total)
    {
        if (verbosity == Verbosity.Quiet)
            return;
        foreach (var line in Summary.Lines(plan, total))
            Line(line.IsBad ? Paint(Red, line.Text) : line.Text);
    }

    private string Paint(string code, string text) => colour ? $"\e[{code}m{text}\e[0m" : text;
}
