using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Tells what a text of SQL does to the database, statement by statement.</summary>
public static class SqlClassifier
{
    // What is in parentheses is read by readers inside readers.
    private const int MostNesting = 100;

    private static readonly Dictionary<string, Action<StatementReader>> Readers = new(StringComparer.Ordinal)
    {
        ["create"] = CreateStatements.Read,
        ["alter"] = AlterStatements.Read,
        ["drop"] = DropStatements.Read,
        ["select"] = RowStatements.Read,
        ["with"] = RowStatements.Read,
        ["values"] = RowStatements.Read,
        ["insert"] = RowStatements.Read,
        ["update"] = RowStatements.Read,
        ["delete"] = RowStatements.Read,
        ["merge"] = RowStatements.Read,
        ["table"] = RowStatements.Read,
        ["truncate"] = TableStatements.Truncate,
        ["copy"] = TableStatements.Copy,
        ["refresh"] = TableStatements.Refresh,
        ["grant"] = PrivilegeStatements.Grant,
        ["revoke"] = PrivilegeStatements.Revoke,
        ["reassign"] = PrivilegeStatements.Reassign,
        ["comment"] = SessionStatements.Comment,
        ["set"] = SessionStatements.Set,
        ["reset"] = SessionStatements.Whole,
        ["show"] = SessionStatements.Whole,
        ["lock"] = SessionStatements.Whole,
        ["analyze"] = SessionStatements.Whole,
        ["vacuum"] = SessionStatements.Whole,
        ["reindex"] = SessionStatements.Whole,
        ["cluster"] = SessionStatements.Whole,
        ["checkpoint"] = SessionStatements.Whole,
        ["discard"] = SessionStatements.Whole,
        ["savepoint"] = SessionStatements.Whole,
        ["release"] = SessionStatements.Whole,
        ["explain"] = SessionStatements.Explain,
        ["do"] = DoBlock.Read,
        ["begin"] = SessionStatements.Begin,
        ["start"] = SessionStatements.Begin,
        ["commit"] = SessionStatements.Commit,
        ["end"] = SessionStatements.Commit,
    };

    /// <summary>
    /// The changes that a text of SQL makes, in order. Never throws: a statement that is not understood to its last token is an <see cref="Unknown"/>.
    /// </summary>
    /// <param name="sql">The text: any number of statements, with comments, as Python or Alembic hands it to the driver.</param>
    /// <param name="at">The file, and the line that the text begins on.</param>
    /// <param name="spansLines">False when the text's line breaks are not those of the file (a literal with <c>\n</c>): every change then has the line of <paramref name="at"/>.</param>
    public static ValueList<Change> Classify(string sql, SourceLine at, bool spansLines = true)
    {
        var changes = new List<Change>();
        var tokens = Lexer.Tokens(sql);
        if (tokens.Count > Lexer.MostTokens)
            return [new Unknown(sql[..40].ReplaceLineEndings(" ") + " …", $"the text is too long to be read: it has more than {Lexer.MostTokens} words and signs") { At = at }];
        foreach (var statement in Statement.Split(sql, tokens))
            changes.AddRange(Classify(statement, at with { Line = spansLines ? at.Line + statement.Line : at.Line }));
        return changes.ToValueList();
    }

    /// <summary>The changes that one statement makes.</summary>
    internal static IReadOnlyList<Change> Classify(Statement statement, SourceLine at)
    {
        var reader = new StatementReader(statement, statement.Tokens, at);
        try
        {
            if (statement.Tokens.FirstOrDefault(token => token.Kind == TokenKind.Invalid) is { Text: not null } invalid)
                throw new NotUnderstoodException($"\"{invalid.Text[..Math.Min(20, invalid.Text.Length)]}\" is no SQL");
            if (Nesting(statement) > MostNesting)
                throw new NotUnderstoodException("its parentheses are nested too deeply to be read");
            // A leading parenthesis is a query's: (SELECT …) UNION (SELECT …).
            var first = statement.Tokens.FirstOrDefault(token => !token.Is("("));
            if (first.Kind != TokenKind.Word || !Readers.TryGetValue(first.Value, out var read))
                throw new NotUnderstoodException(first.Value switch
                {
                    "call" or "execute" => "it runs code that is stored elsewhere",
                    _ => "the statement is not known",
                });
            read(reader);
            reader.End();
            return reader.Changes;
        }
        catch (NotUnderstoodException notUnderstood)
        {
            return [new Unknown(statement.FirstWords, notUnderstood.Message) { At = at }];
        }
    }

    private static int Nesting(Statement statement)
    {
        int depth = 0, most = 0;
        foreach (var token in statement.Tokens)
        {
            depth += token.Is("(") || token.Is("[") ? 1 : token.Is(")") || token.Is("]") ? -1 : 0;
            most = Math.Max(most, depth);
        }
        return most;
    }
}
