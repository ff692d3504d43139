namespace Runback.Runbook.Runs;

/// <summary>A line that GitHub's runner takes as a command (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands).</summary>
public static class WorkflowCommand
{
    /// <summary>An annotation. Neither the title nor the message can end the line or add a property.</summary>
    /// <param name="name"><c>error</c>, <c>warning</c> or <c>notice</c>.</param>
    /// <param name="title">Its heading.</param>
    /// <param name="message">Its text, of any number of lines.</param>
    public static string Of(string name, string title, string message) => $"::{name} title={Property(title)}::{Data(message)}";

    /// <summary>
    /// A JSON document in which no text is a command, in the middle of a line either: the characters that begin one are written as JSON's escapes, and read back as they were.
    /// </summary>
    public static string InertJson(string json) => json.Replace("##[", @"#\u0023[", StringComparison.Ordinal).Replace("::", @":\u003a", StringComparison.Ordinal);

    private static string Data(string text) => text
        .Replace("##[", "#\u00b7#[", StringComparison.Ordinal)
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text)
        .Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);
}
