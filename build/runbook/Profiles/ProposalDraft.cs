using System.Text.Json.Nodes;

namespace Runback.Runbook.Profiles;

/// <summary>A proposal while the rules write it. What was given wins over whatever a rule finds.</summary>
/// <param name="given">The values that were given, by key.</param>
internal sealed class ProposalDraft(IReadOnlyDictionary<string, JsonNode> given)
{
    private static readonly string[] Order =
    [
        "Directory", "ComposeFiles", "EnvFile", "ProjectName", "Services", "Workers", "ServicePort", "DatabaseService", "Database", "DatabaseUser", "BaseUrl", "HealthPath", "ReadyPath",
        "Image", "TagVariable", "BackupDirectory", "MigrationsDirectory", "AlembicCommand", "SmokeRequests", "HealthTimeout", "ObjectiveRollback", "ObjectiveData", "ObjectiveOutage",
    ];

    private readonly Dictionary<string, ProposedValue> _values = given.ToDictionary(
        value => value.Key, value => new ProposedValue(value.Key, value.Value.DeepClone(), ProposalSource.Given, "as said"), StringComparer.Ordinal);

    private readonly Dictionary<string, OpenKey> _open = new(StringComparer.Ordinal);
    private readonly List<ProposalNote> _notes = [];
    private ProposalNote? _refusal;

    /// <summary>Where a key stands in a profile.</summary>
    public static int Place(string key) => Array.IndexOf(Order, key) is var at and >= 0 ? at : Order.Length;

    /// <summary>The words of an answer.</summary>
    public static IReadOnlyList<string> Words(string text) => text.Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The texts that were given for a key, or null.</summary>
    public IReadOnlyList<string>? Texts(string key) => given.GetValueOrDefault(key) is JsonArray texts ? [.. texts.Select(text => $"{text}")] : null;

    /// <summary>The text that was given for a key, or null.</summary>
    public string? Text(string key) => given.GetValueOrDefault(key)?.ToString();

    /// <summary>Proposes a value.</summary>
    public void Set(string key, JsonNode value, ProposalSource source, string why)
    {
        if (!given.ContainsKey(key))
            _values[key] = new ProposedValue(key, value, source, why);
    }

    /// <summary>Proposes a list.</summary>
    public void Set(string key, IEnumerable<string> values, ProposalSource source, string why) =>
        Set(key, new JsonArray([.. values.Select(value => (JsonNode)value)]), source, why);

    /// <summary>Leaves a key open.</summary>
    public void Ask(string key, string question, bool isNeeded, bool isList = false)
    {
        if (!given.ContainsKey(key))
            _open[key] = new OpenKey(key, question, isNeeded, isList);
    }

    /// <summary>Notes what is in the way.</summary>
    public void Note(string text, string hint) => _notes.Add(new ProposalNote(text, hint));

    /// <summary>Says why no profile can be used.</summary>
    public void Refuse(string text, string hint) => _refusal ??= new ProposalNote(text, hint);

    /// <summary>The proposal.</summary>
    public ProfileProposal End(string name) =>
        new(name, [.. _values.Values.OrderBy(value => Place(value.Key))], [.. _open.Values.OrderBy(one => Place(one.Key))], [.. _notes.Distinct()], _refusal);
}
