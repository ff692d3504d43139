using System.Text.RegularExpressions;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification.Metrics;

/// <summary>
/// Which series are meant: <c>http_requests_total{status=~"5..",method!="GET"}</c>, the instant vector selector of Prometheus' query language. A pattern
/// holds for the whole value; a label that isn't there has an empty one.
/// </summary>
public sealed partial record SeriesSelector
{
    private const string Form = "write it as in Prometheus: name{label=\"value\",label=~\"pattern\"}, with =, !=, =~ and !~";
    private readonly IReadOnlyList<(string Label, string Operator, string Value, Regex? Pattern)> _matchers;

    private SeriesSelector(string text, string name, IReadOnlyList<(string, string, string, Regex?)> matchers) => (Text, Name, _matchers) = (text, name, matchers);

    /// <summary>The selector as it was written.</summary>
    public string Text { get; }

    /// <summary>The metric's name.</summary>
    public string Name { get; }

    /// <summary>Reads a selector.</summary>
    /// <exception cref="RunbookException">It isn't of that form (outcome Usage).</exception>
    public static SeriesSelector Parse(string text)
    {
        if (Selector().Match(text.Trim()) is not { Success: true } match)
            throw RunbookException.Usage($"expected a series, found `{text}`", Form);
        var group = match.Groups;
        return new SeriesSelector(text.Trim(), group["name"].Value, [.. Enumerable.Range(0, group["label"].Captures.Count).Select(index => Matcher(
            group["label"].Captures[index].Value, group["operator"].Captures[index].Value, Unescape(group["value"].Captures[index].Value)))]);
    }

    /// <summary>Whether a series is meant.</summary>
    public bool Matches(MetricSample sample) => sample.Name == Name && _matchers.All(matcher =>
    {
        var value = sample.Labels.GetValueOrDefault(matcher.Label) ?? "";
        return (matcher.Pattern?.IsMatch(value) ?? value == matcher.Value) == (matcher.Operator[0] != '!');
    });

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static (string, string, string, Regex?) Matcher(string label, string comparison, string value) =>
        (label, comparison, value, comparison[^1] == '~' ? SafePattern.Parse($"^(?:{value})$", $"a pattern for the label {label}") : null);

    private static string Unescape(string text) => Escape().Replace(text, escape => escape.Value[1] == 'n' ? "\n" : escape.Value[1..]);

    [GeneratedRegex("""^(?<name>[A-Za-z_:][A-Za-z0-9_:]*)\s*(?:\{\s*(?:(?<label>[A-Za-z_]\w*)\s*(?<operator>=~|!~|!=|=)\s*"(?<value>(?:[^"\\]|\\.)*)"\s*(?:,\s*|(?=\})))*\})?$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Selector();

    [GeneratedRegex(@"\\[n\\""]")]
    private static partial Regex Escape();
}
