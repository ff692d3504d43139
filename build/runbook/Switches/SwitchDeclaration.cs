using System.Text.RegularExpressions;
using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Switches;

/// <summary>Which way a switch is turned.</summary>
public enum SwitchPosition
{
    /// <summary>The feature is disabled.</summary>
    Off,

    /// <summary>The feature is enabled.</summary>
    On,
}

/// <summary>
/// A variable of the env file that turns a feature off and on, as a line of the profile:
/// <c>exports: EXPORT_MODE=off|webhook in api,jobs; off GET /exports/bookings.csv 404; on GET /exports/bookings.csv 200</c>.
/// </summary>
/// <param name="Name">The switch's name.</param>
/// <param name="Variable">The variable.</param>
/// <param name="Off">Its value while the feature is disabled.</param>
/// <param name="On">Its value while it is enabled.</param>
/// <param name="Consumers">Every app service that reads it: a switch that one of them misses isn't turned (trap 20).</param>
/// <param name="Probes">What must be answered in a position.</param>
public sealed partial record SwitchDeclaration(
    string Name, string Variable, string Off, string On, IReadOnlyList<string> Consumers, IReadOnlyList<(SwitchPosition Position, SmokeRequest Request)> Probes)
{
    private const string Form = "a line is `name: VARIABLE=off-value|on-value in service,service[; off|on [GET] /path [status] …]`";

    /// <summary>The variable's value in a position.</summary>
    public string Value(SwitchPosition position) => position == SwitchPosition.Off ? Off : On;

    /// <summary>Reads a line.</summary>
    /// <exception cref="RunbookException">It isn't of that form (outcome Usage).</exception>
    public static SwitchDeclaration Parse(string line)
    {
        var parts = line.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || Head().Match(parts[0]) is not { Success: true } head)
            throw RunbookException.Usage($"expected a switch, found `{line}`", Form);
        var (off, on) = (head.Groups["off"].Value, head.Groups["on"].Value);
        if (off == on)
            throw RunbookException.Usage($"expected two values of {head.Groups["variable"].Value} in the switch `{line}`, found {off} twice", Form);
        var consumers = head.Groups["services"].Value.Split(',', StringSplitOptions.TrimEntries);
        if (consumers.Contains("") || consumers.Distinct(StringComparer.Ordinal).Count() < consumers.Length)
            throw RunbookException.Usage($"expected services, each once, in the switch `{line}`, found {head.Groups["services"].Value.Trim()}", Form);
        return new SwitchDeclaration(
            head.Groups["name"].Value, head.Groups["variable"].Value, off, on,
            consumers, [.. parts.Skip(1).Select(part => Probe(part, line))]);
    }

    /// <summary>The declaration of a name.</summary>
    /// <param name="lines">The profile's lines.</param>
    /// <param name="name">The name.</param>
    /// <param name="deployment">The deployment, whose app services the consumers must be.</param>
    /// <exception cref="RunbookException">There is none, a line can't be read, or a consumer isn't an app service (outcome Usage).</exception>
    public static SwitchDeclaration Find(IEnumerable<string> lines, string name, Deployment deployment)
    {
        var all = lines.Select(Parse).ToList();
        if (all.GroupBy(declared => declared.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } doubled)
            throw RunbookException.Usage($"expected each switch once in the profile, found {doubled.Key} twice", "give one of them another name");
        var found = all.Find(declared => declared.Name == name)
            ?? throw RunbookException.Usage(
                $"expected a switch `{name}` in the profile, found {(all.Count == 0 ? "none" : string.Join(", ", all.Select(declared => declared.Name)))}", Form);
        return found.Consumers.FirstOrDefault(service => !deployment.Services.Contains(service, StringComparer.Ordinal)) is { } stranger
            ? throw RunbookException.Usage($"expected app services that read {found.Variable}, found {stranger}", $"the app services are {string.Join(", ", deployment.Services)}")
            : found;
    }

    private static (SwitchPosition, SmokeRequest) Probe(string part, string line)
    {
        var words = part.Split(' ', 2, StringSplitOptions.TrimEntries);
        return words.Length == 2 && Enum.TryParse<SwitchPosition>(words[0], ignoreCase: true, out var position) && !char.IsDigit(words[0][0])
            ? (position, SmokeRequest.Parse(words[1]))
            : throw RunbookException.Usage($"expected `off` or `on` and a request in the switch `{line}`, found `{part}`", Form);
    }

    [GeneratedRegex(@"^(?<name>[a-z][a-z0-9-]*)\s*:\s*(?<variable>[A-Za-z_][A-Za-z0-9_]*)=(?<off>[A-Za-z0-9._/:@+,-]+)\|(?<on>[A-Za-z0-9._/:@+,-]+)\s+in\s+(?<services>[^;]+)$")]
    private static partial Regex Head();
}
