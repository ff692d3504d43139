using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;
using Runback.Runbook.Migrations.Sql;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>
/// A renamed column: the old name is added beside the new one, filled from it, and a trigger keeps both in step, whichever is written.
/// The old one has no default on purpose: an INSERT that leaves it NULL did not name it, so the new one's value counts, which may be
/// its default; an INSERT that fills it comes from old code, and then the default that the server has put into the new one is overwritten.
/// </summary>
internal sealed class RenamedColumn() : Fix("rename-column")
{
    public override FixAnswer? Answer(Reason reason, FixContext context) =>
        Each<ColumnRenamed>(reason, context, change => change.Table.Part(change.Column), (change, index) => Answer(change, index, context));

    private static FixAnswer Answer(ColumnRenamed change, int index, FixContext context)
    {
        var (table, old) = context.Names.Original(change.Table, change.Column, index);
        // Dropped later: the fix for that brings it back under its old name.
        if (context.Names.Final(change.Table, change.Column, index) is not { } final)
            return FixAnswer.Nothing;
        if (final.Column == old || context.Has(final.Table, old) == true)
            return FixAnswer.Nothing;
        if (context.IsView(final.Table))
            return FixAnswer.Cannot($"{final.Table} is a view", $"create it again with a column {old}: CREATE OR REPLACE VIEW may add columns at its end");
        var kept = context.KeptColumn(final.Table, final.Column);
        var before = context.OldColumn(table, old);
        if ((kept?.Type ?? before?.Type) is not { } type || type.Contains("serial", StringComparison.Ordinal))
            return FixAnswer.Cannot($"the type of {final.Table.Part(final.Column)} is not known", $"add {old} by hand, with the trigger that other renamed columns get");
        if (kept?.Generated is not null)
            return FixAnswer.Cannot($"{final.Table.Part(final.Column)} is generated", $"add {old} as a generated column with the same expression");
        if (before?.Type is { } was && !TypeText.Same(was, type) && !TypeText.Widens(was, type))
            return FixAnswer.Cannot($"{final.Table.Part(final.Column)} also has another type: {was} became {type}", $"add {old} by hand as {was}, and convert in the trigger");
        return FixAnswer.By(Step(final.Table, old, final.Column, type, (kept ?? before)!, context));
    }

    private static FixStep Step(ObjectName table, string old, string now, string type, ColumnSpec kept, FixContext context)
    {
        var function = SqlName.Of(table.Sibling(SqlName.Made("runback_in_step", table.Name, old)));
        var trigger = SqlName.Of(SqlName.Made("runback_in_step", old));
        var (o, n) = (SqlName.Of(old), SqlName.Of(now));
        var remarks = new List<string> { $"every row of {table} is written once, in the migration's transaction: writers wait for it" };
        if (context.Triggers(table) is { Count: > 0 } triggers)
            remarks.Add($"filling it fires the triggers of {table}: {string.Join(", ", triggers)}");
        if (kept is { Nullable: true, FilledByServer: true })
            remarks.Add($"an INSERT of old code that says NULL for {old} gets the default of {now}");
        return new FixStep(
            FixPhase.Columns, table.Part(old), $"adds {old} beside {now}, fills it, and keeps both in step whichever is written",
            [
                new AddColumn(table, old, type),
                new RunSql(Function(function, SqlName.InBody(old), SqlName.InBody(now))),
                new RunSql([$"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {SqlName.Of(table)}", $"FOR EACH ROW EXECUTE FUNCTION {function}()"]),
            ],
            [
                RunSql.Of($"DROP TRIGGER {trigger} ON {SqlName.Of(table)}"),
                RunSql.Of($"DROP FUNCTION {function}()"),
                new RemoveColumn(table, old),
            ])
        {
            Backfill = [RunSql.Of($"UPDATE {SqlName.Of(table)} SET {o} = {n}")],
            Remarks = remarks.ToValueList(),
        };
    }

    // Compared as text: json and xml have no equality, and citext's would miss a change of case.
    private static ValueList<string> Function(string function, string o, string n)
    {
        string[] body =
        [
            "BEGIN",
            "    IF TG_OP = 'INSERT' THEN",
            $"        IF NEW.{o} IS NULL THEN NEW.{o} := NEW.{n}; ELSE NEW.{n} := NEW.{o}; END IF;",
            $"    ELSIF NEW.{n}::text IS DISTINCT FROM OLD.{n}::text OR NEW.{o}::text IS NOT DISTINCT FROM OLD.{o}::text THEN",
            $"        NEW.{o} := NEW.{n};",
            "    ELSE",
            $"        NEW.{n} := NEW.{o};",
            "    END IF;",
            "    RETURN NEW;",
            "END",
        ];
        var tag = SqlName.DollarTag(string.Join('\n', body));
        return [$"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {tag}", .. body, tag];
    }
}
