using System.Globalization;
using System.Text;

namespace Runback.Runbook.Verification.Metrics;

/// <summary>
/// Reads one series of a metrics page: <c>name{label="value",…} value [timestamp] [# exemplar]</c>, or with a quoted name inside the braces. Source:
/// Prometheus manual, "Exposition formats", text format 0.0.4 and 1.0.0; an exemplar and a timestamp in seconds are OpenMetrics 1.0's.
/// </summary>
/// <param name="line">The line, without blanks around it.</param>
internal sealed class MetricLine(string line)
{
    private int _at;

    private char Next => _at < line.Length ? line[_at] : '\0';

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It isn't of that form.</exception>
    public MetricSample Read()
    {
        var name = Next == '{' ? null : Name("a metric's name", colons: true);
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        SkipBlanks();
        if (Next == '{')
        {
            _at++;
            name = Labels(labels, name);
        }
        if (name is null)
            throw new FormatException("a series has no name");
        var words = line[_at..].Split('#', 2)[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is not (1 or 2))
            throw new FormatException($"expected a value and at most a timestamp after {name}");
        if (words.Length == 2)
            Number(words[1], "a timestamp");
        return new MetricSample(name, labels, Number(words[0], $"the value of {name}"));
    }

    private string? Labels(Dictionary<string, string> labels, string? name)
    {
        while (true)
        {
            SkipBlanks();
            if (Next == '}')
            {
                _at++;
                return name;
            }
            var key = Next == '"' ? Quoted() : Name("a label's name", colons: false);
            SkipBlanks();
            if (Next == '=')
            {
                _at++;
                SkipBlanks();
                var value = Next == '"' ? Quoted() : throw new FormatException($"the value of the label {key} isn't quoted");
                if (value.Length > 0 && !labels.TryAdd(key, value))
                    throw new FormatException($"the label {key} is there twice");
            }
            else
            {
                name = name is null ? key : throw new FormatException($"the label {key} has no value");
            }
            SkipBlanks();
            if (Next == ',')
                _at++;
            else if (Next != '}')
                throw new FormatException("the labels have no end");
        }
    }

    private string Name(string what, bool colons)
    {
        var start = _at;
        while (_at < line.Length && (char.IsAsciiLetter(Next) || Next == '_' || (colons && Next == ':') || (_at > start && char.IsAsciiDigit(Next))))
            _at++;
        return _at > start ? line[start.._at] : throw new FormatException($"expected {what}, found {(_at < line.Length ? $"`{Next}`" : "the line's end")}");
    }

    private string Quoted()
    {
        var text = new StringBuilder();
        for (_at++; _at < line.Length; _at++)
        {
            if (Next == '"')
            {
                _at++;
                return text.ToString();
            }
            if (Next != '\\' || _at + 1 == line.Length)
            {
                text.Append(Next);
                continue;
            }
            _at++;
            // Any other pair stands for itself.
            text.Append(Next switch { 'n' => "\n", '\\' => "\\", '"' => "\"", _ => $"\\{Next}" });
        }
        throw new FormatException("a quoted text has no end");
    }

    private void SkipBlanks()
    {
        while (Next is ' ' or '\t')
            _at++;
    }

    // As Go's ParseFloat reads them, in any case.
    private static double Number(string text, string what) => text.ToLowerInvariant() switch
    {
        "nan" => double.NaN,
        "inf" or "+inf" or "infinity" or "+infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException($"expected {what}, found `{text}`"),
    };
}
