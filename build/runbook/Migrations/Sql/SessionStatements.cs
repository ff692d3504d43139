using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads the statements that leave tables and rows alone: settings, locks, maintenance, comments, transactions.</summary>
internal static class SessionStatements
{
    /// <summary>Takes a whole statement that is harmless whatever it says.</summary>
    public static void Whole(StatementReader reader)
    {
        var words = reader.Rest.Take(3);
        reader.Add(new Harmless(string.Join(' ', words.Select(token => token.Text))));
        reader.Until(() => false);
    }

    /// <summary>Reads <c>COMMENT ON</c>.</summary>
    public static void Comment(StatementReader reader)
    {
        reader.Expect("comment", "on");
        var what = reader.Text(reader.Until(() => reader.Sees("is")));
        reader.Expect("is");
        if (!reader.Try("null") && reader.Next.Kind != TokenKind.Parameter)
            reader.String();
        else if (reader.Next.Kind == TokenKind.Parameter)
            reader.Take();
        reader.Add(new Harmless($"comment on {what}"));
    }

    /// <summary>Reads <c>SET</c>. A search path elsewhere gives every later name another meaning, so that is not harmless.</summary>
    public static void Set(StatementReader reader)
    {
        reader.Expect("set");
        reader.TryAny("session", "local");
        var setting = reader.Name().ToString();
        if (setting == "search_path" && reader.Rest.Skip(1).Any(token => token.Value is not ("public" or "$user" or "pg_catalog" or "default" or "" or ",")))
            throw new NotUnderstoodException("with another search_path, names mean other objects");
        reader.Until(() => false);
        reader.Add(new Harmless($"set {setting}"));
    }

    /// <summary>Reads <c>EXPLAIN</c>, which runs the statement only with <c>ANALYZE</c>.</summary>
    public static void Explain(StatementReader reader)
    {
        if (reader.Rest.Any(token => token.IsWord("analyze") || token.IsWord("analyse")))
            throw new NotUnderstoodException("EXPLAIN ANALYZE runs its statement");
        Whole(reader);
    }

    /// <summary>Reads <c>BEGIN</c>: inside a migration's transaction it only warns.</summary>
    public static void Begin(StatementReader reader)
    {
        reader.TryAny("begin", "start");
        reader.TryAny("transaction", "work");
        reader.End();
        reader.Add(new AutocommitEnded());
    }

    /// <summary>Reads <c>COMMIT</c>: what was done so far stays even if the rest fails.</summary>
    public static void Commit(StatementReader reader)
    {
        reader.TryAny("commit", "end");
        reader.TryAny("transaction", "work");
        reader.End();
        reader.Add(new AutocommitBegun());
    }
}
