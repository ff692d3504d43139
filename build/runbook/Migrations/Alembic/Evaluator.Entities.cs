namespace Runback.Runbook.Migrations.Alembic;

/// <content>The objects of alembic_utils: functions, views, triggers and others with their definitions as text.</content>
internal sealed partial class Evaluator
{
    private Value CallAlembicUtils(ModulePath path, CallArguments arguments, int line)
    {
        var schema = Values.AsText(arguments.Get(0, "schema"));
        var signature = Values.AsText(arguments.Get(1, "signature"));
        if (arguments.Incomplete || schema is null || signature is null)
            return CallForeign(path.Path, arguments, line);
        // It is handed to sa.text(), where a colon is written with a backslash before it.
        var definition = Values.AsText(arguments.Get(2, "definition"))?.Replace("\\:", ":", StringComparison.Ordinal).TrimEnd().TrimEnd(';');
        var on = Values.AsText(arguments.Get(path.Last == "PGTrigger" ? 3 : 4, "on_entity"));
        switch (path.Last)
        {
            case "PGFunction" or "PGProcedure":
                var kind = path.Last == "PGFunction" ? "FUNCTION" : "PROCEDURE";
                var routine = signature.Split('(')[0].Trim();
                return new Entity(
                    With(definition, $"CREATE {kind} {Dotted(schema, routine)}{signature[routine.Length..]} "),
                    With(definition, $"CREATE OR REPLACE {kind} {Dotted(schema, routine)}{signature[routine.Length..]} "),
                    $"DROP {kind} {Dotted(schema, routine)}");
            case "PGView":
                // Replacing drops the view first where PostgreSQL can't exchange it: whether it does isn't known before it runs.
                return new Entity(With(definition, $"CREATE VIEW {Dotted(schema, signature)} AS "), null, $"DROP VIEW {Dotted(schema, signature)}");
            case "PGMaterializedView":
                var make = With(definition, $"CREATE MATERIALIZED VIEW {Dotted(schema, signature)} AS ");
                var away = $"DROP MATERIALIZED VIEW {Dotted(schema, signature)}";
                return new Entity(make, With(make, away + "; "), away);
            case "PGTrigger" when on is not null:
                var constraint = arguments.Get(4, "is_constraint") is { } flag ? Values.Truth(flag) : false;
                var trigger = constraint is { } known ? With(definition, $"CREATE{(known ? " CONSTRAINT" : "")} TRIGGER {signature} ") : null;
                return new Entity(trigger, With(trigger, $"DROP TRIGGER IF EXISTS {signature} ON {on}; "), $"DROP TRIGGER {signature} ON {on}");
            case "PGExtension":
                return new Entity($"CREATE EXTENSION \"{signature}\" WITH SCHEMA \"{schema}\"", null, $"DROP EXTENSION \"{signature}\"");
            default:
                return CallForeign(path.Path, arguments, line);
        }
    }

    private void RunEntity(string operation, CallArguments given, int line)
    {
        var what = $"op.{operation}(…)";
        var sql = given.At(0) is not Entity entity ? null : operation switch
        {
            "create_entity" => entity.Create,
            "replace_entity" => entity.Replace,
            _ => entity.Drop + (given.Flag("cascade", otherwise: false, unknown: true) ? " CASCADE" : ""),
        };
        if (sql is null)
            Unfollowed(line, what, "the SQL is not known before it runs");
        else
            ExecuteText(sql, 0, what, line);
    }

    private static string? With(string? text, string before) => text is null ? null : before + text;

    private static string Dotted(string schema, string name) => $"\"{schema}\".\"{name.Trim('"')}\"";
}
