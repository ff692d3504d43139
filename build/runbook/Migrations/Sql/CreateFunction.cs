using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>CREATE FUNCTION</c> and <c>CREATE PROCEDURE</c>. Creating one runs nothing, so its clauses are kept, not judged.</summary>
internal static class CreateFunction
{
    /// <summary>Reads one statement.</summary>
    public static void Read(StatementReader reader, bool replaces)
    {
        var kind = reader.Take().Value == "function" ? ObjectKind.Function : ObjectKind.Procedure;
        var name = reader.Name();
        var arguments = reader.Text(reader.Parentheses());
        var clauses = reader.Rest;
        reader.Until(() => false);
        reader.Add(new ObjectCreated(kind, name) { Replaces = replaces, Arguments = arguments, Body = Body(reader, clauses), Definition = reader.Whole });
    }

    private static string? Body(StatementReader reader, IReadOnlyList<Token> clauses)
    {
        for (var i = 0; i < clauses.Count; i++)
        {
            if (clauses[i].IsWord("as") && i + 1 < clauses.Count && clauses[i + 1].Kind == TokenKind.String)
                return clauses[i + 1].Value;
            if (clauses[i].IsWord("atomic") || clauses[i].IsWord("return"))
                return reader.Text([.. clauses.Skip(i)]);
        }
        return null;
    }
}
