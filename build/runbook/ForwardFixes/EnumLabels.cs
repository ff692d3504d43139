using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.ForwardFixes;

/// <summary>The enums that migrations made, with their labels in order.</summary>
internal sealed class EnumLabels
{
    private readonly Dictionary<ObjectName, List<string>> _labels = [];

    /// <summary>The labels of an enum; null when no migration made it.</summary>
    public IReadOnlyList<string>? this[ObjectName type] => _labels.GetValueOrDefault(type);

    /// <summary>Replays migrations, oldest first.</summary>
    public static EnumLabels Of(IEnumerable<MigrationScript> scripts)
    {
        var enums = new EnumLabels();
        foreach (var change in scripts.SelectMany(script => script.Upgrade))
            enums.Apply(change);
        return enums;
    }

    private void Apply(Change change)
    {
        switch (change)
        {
            case ObjectCreated { Kind: ObjectKind.Type, Labels.Count: > 0 } created when !(created.IfNotExists && _labels.ContainsKey(created.Name)):
                _labels[created.Name] = [.. created.Labels];
                break;
            case ObjectDropped { Kind: ObjectKind.Type, Conditional: false } dropped:
                _labels.Remove(dropped.Name);
                break;
            case ObjectRenamed { Kind: ObjectKind.Type } renamed when _labels.Remove(renamed.Name, out var labels):
                _labels[renamed.NewName] = labels;
                break;
            case EnumLabelAdded added when _labels.TryGetValue(added.Type, out var labels) && !labels.Contains(added.Label):
                labels.Add(added.Label);
                break;
            case EnumLabelRenamed renamed when _labels.TryGetValue(renamed.Type, out var labels) && labels.IndexOf(renamed.Label) is >= 0 and var at:
                labels[at] = renamed.NewLabel;
                break;
            case EnumLabelRemoved { Label: { } label } removed when _labels.TryGetValue(removed.Type, out var labels):
                labels.Remove(label);
                break;
        }
    }
}
