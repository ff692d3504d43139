using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>The arguments of an Alembic operation, whether it names its table or belongs to a batch.</summary>
internal sealed class OperationCall(string name, CallArguments arguments, Value? batchTable, Value? batchSchema)
{
    internal string Name { get; } = name;

    internal CallArguments Arguments { get; } = arguments;

    internal bool InBatch { get; } = batchTable is not null;

    internal bool IfExists => Arguments.Flag("if_exists", otherwise: false, unknown: true);

    /// <summary>The table; <paramref name="position"/> is where it stands outside of a batch.</summary>
    internal ObjectName? Table(int position, params ReadOnlySpan<string> names)
    {
        if (InBatch)
            return SchemaValues.Named(Values.AsText(batchTable), batchSchema);
        var value = Arguments.Get(position, names);
        return SchemaValues.Named(Values.AsText(value), Arguments.Get("schema") ?? Arguments.Get("source_schema"));
    }

    /// <summary>An argument by its position outside of a batch, where the table takes place <paramref name="table"/>.</summary>
    internal Value? Get(int position, ReadOnlySpan<string> names, int table = 0) => Arguments.Get(InBatch && position > table ? position - 1 : position, names);

    internal Value? Get(int position, string name, int table = 0) => Get(position, (ReadOnlySpan<string>)[name], table);

    internal string? Text(int position, string name, int table = 0) => Values.AsText(Get(position, name, table));

    /// <summary>A name that may be left out: <paramref name="known"/> is false when there is one that isn't known.</summary>
    internal string? OptionalName(int position, ReadOnlySpan<string> names, out bool known, int table)
    {
        var value = Get(position, names, table);
        var text = Values.AsText(value);
        known = value is null or Constant { Value: null } || text is not null;
        return text;
    }
}
