using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>CREATE [CONSTRAINT] TRIGGER</c>.</summary>
internal static class CreateTrigger
{
    /// <summary>Reads one statement.</summary>
    public static void Read(StatementReader reader, bool replaces)
    {
        reader.Try("constraint");
        reader.Expect("trigger");
        var name = reader.Identifier();
        var after = reader.Try("after");
        if (!after && !reader.Try("before"))
            reader.Expect("instead", "of");
        reader.Until(() => reader.Sees("on"));
        reader.Expect("on");
        var table = reader.Name();
        reader.Until(() => reader.Sees("execute"));
        reader.Expect("execute");
        if (!reader.TryAny("function", "procedure"))
            throw reader.Unexpected("FUNCTION");
        var function = reader.Name();
        reader.Parentheses();
        reader.Add(new TriggerCreated(table, name) { Replaces = replaces, After = after, Function = function });
    }
}
