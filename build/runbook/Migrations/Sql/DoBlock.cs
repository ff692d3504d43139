using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>
/// Reads <c>DO</c> blocks of PL/pgSQL that only ask and then run statements as they stand (PostgreSQL manual, "PL/pgSQL: Control Structures"): what is inside
/// IF or before EXCEPTION may not happen. Loops and statements that are put together at run time aren't followed.
/// </summary>
internal sealed class DoBlock
{
    private const int MostNesting = 20;
    private const int MostBlocks = 4;

    [ThreadStatic]
    private static int blocks;

    private readonly StatementReader outer;
    private readonly SourceLine at;
    private readonly string body;
    private readonly List<Token> tokens;
    private int next;
    private int depth;
    private int conditional;

    private DoBlock(StatementReader outer, SourceLine at, string body)
    {
        var all = Lexer.Tokens(body);
        if (all.Count > Lexer.MostTokens)
            throw new NotUnderstoodException("the DO block is too long to be read");
        (this.outer, this.at, this.body, tokens) = (outer, at, body, [.. all.Where(token => token.Significant)]);
    }

    /// <summary>Reads one statement.</summary>
    public static void Read(StatementReader reader)
    {
        reader.Expect("do");
        Language(reader);
        var body = reader.String();
        Language(reader);
        reader.End();
        if (blocks >= MostBlocks)
            throw new NotUnderstoodException("its DO blocks are nested too deeply to be read");
        blocks++;
        try
        {
            new DoBlock(reader, reader.At, body).Run();
        }
        finally
        {
            blocks--;
        }
        reader.Add(new Harmless("a DO block"));
    }

    private static void Language(StatementReader reader)
    {
        if (reader.Try("language") && reader.Identifier() != "plpgsql")
            throw new NotUnderstoodException("a DO block in another language can do anything");
    }

    private Token Next => next < tokens.Count ? tokens[next] : default;

    private bool Try(string word)
    {
        if (!Next.IsWord(word))
            return false;
        next++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Try(word))
            throw Unexpected(word.ToUpperInvariant());
    }

    private void ExpectEnd()
    {
        if (!Next.Is(";"))
            throw Unexpected("';'");
        next++;
    }

    private NotUnderstoodException Unexpected(string expected) =>
        new($"a DO block: expected {expected}, found {(Next.Text is { } text ? $"\"{(text.Length > 20 ? text[..20] : text)}\"" : "the end")}");

    private void Run()
    {
        Block();
        if (Next.Is(";"))
            next++;
        if (next < tokens.Count)
            throw Unexpected("the end");
    }

    private void Block()
    {
        if (++depth > MostNesting)
            throw new NotUnderstoodException("the DO block is nested too deeply to be read");
        if (Try("declare"))
        {
            while (!Next.IsWord("begin"))
                FunctionCalls.Judge(outer, UntilEnd());
        }
        Expect("begin");
        // What raises is taken back to the block's beginning.
        var catches = Catches();
        conditional += catches ? 1 : 0;
        if (Next.IsWord("end"))
            throw Unexpected("a statement");
        Statements();
        if (Try("exception"))
        {
            while (Try("when"))
            {
                Until("then");
                Statements();
            }
        }
        conditional -= catches ? 1 : 0;
        Expect("end");
        depth--;
    }

    private bool Catches()
    {
        var open = 1;
        for (var i = next; i < tokens.Count && open > 0; i++)
        {
            var token = tokens[i];
            if (token.IsWord("exception") && open == 1 && i > 0 && (tokens[i - 1].Is(";") || tokens[i - 1].IsWord("begin")))
                return true;
            if (token.IsWord("begin") || (token.IsWord("if") && i > 0 && (tokens[i - 1].Is(";") || tokens[i - 1].IsWord("then") || tokens[i - 1].IsWord("begin") || tokens[i - 1].IsWord("else"))) || token.IsWord("case"))
                open++;
            else if (token.IsWord("end"))
                open--;
        }
        return false;
    }

    private void Statements()
    {
        while (next < tokens.Count && !(Next.IsWord("end") || Next.IsWord("else") || Next.IsWord("elsif") || Next.IsWord("elseif") || Next.IsWord("exception") || Next.IsWord("when")))
            Statement();
    }

    private void Statement()
    {
        if (Next.IsWord("begin") || Next.IsWord("declare"))
        {
            Block();
            ExpectEnd();
        }
        else if (Try("if"))
            If();
        else if (Try("null") || Try("return"))
            ExpectEnd();
        else if (Try("raise") || Try("perform"))
            FunctionCalls.Judge(outer, UntilEnd());
        else if (Next.IsWord("execute"))
            Execute();
        else if (Next.IsName && next + 1 < tokens.Count && (tokens[next + 1].Is(":=") || tokens[next + 1].Is("=") || tokens[next + 1].Is(":")))
            FunctionCalls.Judge(outer, UntilEnd());
        else if (Next.Kind == TokenKind.Word && Next.Value is "for" or "foreach" or "while" or "loop" or "case" or "get" or "open" or "fetch" or "close" or "move" or "call" or "commit" or "rollback")
            throw new NotUnderstoodException($"a DO block with {Next.Text.ToUpperInvariant()} can do anything");
        else
            Sql();
    }

    private void If()
    {
        if (++depth > MostNesting)
            throw new NotUnderstoodException("the DO block is nested too deeply to be read");
        conditional++;
        do
        {
            FunctionCalls.Judge(outer, Until("then"));
            Statements();
        }
        while (Try("elsif") || Try("elseif"));
        if (Try("else"))
            Statements();
        conditional--;
        Expect("end");
        Expect("if");
        ExpectEnd();
        depth--;
    }

    private void Execute()
    {
        var statement = UntilEnd();
        if (statement is not [_, { Kind: TokenKind.String } text])
            throw new NotUnderstoodException("a DO block runs a statement that is put together at run time");
        var changes = SqlClassifier.Classify(text.Value, at, spansLines: false);
        if (changes.Any(change => change is not (ObjectCreated or TableCreated or IndexCreated or PrivilegesGranted or Harmless)))
            throw new NotUnderstoodException("a DO block runs a text that does more than create or grant");
        Take(changes);
    }

    private void Sql()
    {
        var first = Next;
        var statement = UntilEnd();
        if (statement.Count == 0)
            throw Unexpected("a statement");
        // SELECT … INTO fills a variable here.
        if (first.IsWord("select") || first.IsWord("with"))
        {
            if (first.IsWord("with") || !statement.Exists(token => token.IsWord("into")))
                throw new NotUnderstoodException("a DO block with a query whose result goes nowhere");
            FunctionCalls.Judge(outer, statement);
            return;
        }
        Take(SqlClassifier.Classify(new Statement(statement.ToValueList(), body), at));
    }

    private void Take(IEnumerable<Change> changes)
    {
        foreach (var change in changes)
            outer.Add(change with { Conditional = change.Conditional || conditional > 0 });
    }

    private List<Token> Until(string word)
    {
        var part = new List<Token>();
        for (var open = 0; ; next++)
        {
            if (next >= tokens.Count)
                throw Unexpected(word.ToUpperInvariant());
            open += Next.Is("(") ? 1 : Next.Is(")") ? -1 : 0;
            if (open == 0 && Next.IsWord(word))
                break;
            part.Add(Next);
        }
        next++;
        return part;
    }

    private List<Token> UntilEnd()
    {
        var part = new List<Token>();
        for (var open = 0; ; next++)
        {
            if (next >= tokens.Count)
                throw Unexpected("';'");
            open += Next.Is("(") ? 1 : Next.Is(")") ? -1 : 0;
            if (open == 0 && Next.Is(";"))
                break;
            part.Add(Next);
        }
        next++;
        return part;
    }
}
