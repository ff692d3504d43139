using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>A statement holds something that its reader does not know; the statement becomes <see cref="Unknown"/>.</summary>
internal sealed class NotUnderstoodException(string why) : Exception(why);

/// <summary>Walks over the tokens of one statement and collects the changes that it makes.</summary>
internal sealed class StatementReader(Statement statement, IReadOnlyList<Token> tokens, SourceLine at)
{
    private readonly List<Change> _changes = [];
    private int _at;

    /// <summary>Where the statement is written.</summary>
    public SourceLine At => at;

    /// <summary>The changes found so far.</summary>
    public IReadOnlyList<Change> Changes => _changes;

    /// <summary>True when no token is left.</summary>
    public bool AtEnd => _at >= tokens.Count;

    /// <summary>The next token; an empty one at the end.</summary>
    public Token Next => Peek(0);

    /// <summary>The token that was taken last.</summary>
    public Token Previous => Peek(-1);

    /// <summary>The token after some others.</summary>
    public Token Peek(int ahead) => _at + ahead >= 0 && _at + ahead < tokens.Count ? tokens[_at + ahead] : default;

    /// <summary>The tokens that are left.</summary>
    public IReadOnlyList<Token> Rest => [.. tokens.Skip(_at)];

    /// <summary>The whole statement as written.</summary>
    public string Whole => Text(statement.Tokens);

    /// <summary>Adds a change, marked with the statement's place.</summary>
    public void Add(Change change) => _changes.Add(change with { At = at });

    /// <summary>A reader over a part of the same statement; its changes go to this one by <see cref="Absorb"/>.</summary>
    public StatementReader Over(IReadOnlyList<Token> part) => new(statement, part, at);

    /// <summary>Takes over what a reader of a part found, which must have read it all.</summary>
    public void Absorb(StatementReader part)
    {
        part.End();
        _changes.AddRange(part._changes);
    }

    /// <summary>Takes the next token, whatever it is.</summary>
    public Token Take() => AtEnd ? throw new NotUnderstoodException("it ends too early") : tokens[_at++];

    /// <summary>True when these key words come next.</summary>
    public bool Sees(params ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i++)
            if (!Peek(i).IsWord(words[i]))
                return false;
        return true;
    }

    /// <summary>True when one of these key words comes next.</summary>
    public bool SeesAny(params ReadOnlySpan<string> words) => Next.Kind == TokenKind.Word && words.Contains(Next.Value);

    /// <summary>Takes these key words if they come next.</summary>
    public bool Try(params ReadOnlySpan<string> words)
    {
        if (!Sees(words))
            return false;
        _at += words.Length;
        return true;
    }

    /// <summary>Takes one of these key words if it comes next.</summary>
    public bool TryAny(params ReadOnlySpan<string> words)
    {
        if (!SeesAny(words))
            return false;
        _at++;
        return true;
    }

    /// <summary>Takes this punctuation mark or operator if it comes next.</summary>
    public bool TryMark(string mark)
    {
        if (!Next.Is(mark))
            return false;
        _at++;
        return true;
    }

    /// <summary>Takes these key words, which must come next.</summary>
    public void Expect(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (!Try(word))
                throw Unexpected($"{word.ToUpperInvariant()}");
    }

    /// <summary>Takes this mark, which must come next.</summary>
    public void ExpectMark(string mark)
    {
        if (!TryMark(mark))
            throw Unexpected($"'{mark}'");
    }

    /// <summary>Requires that nothing is left.</summary>
    public void End()
    {
        if (!AtEnd)
            throw Unexpected("the statement's end");
    }

    /// <summary>Reads one identifier, folded as PostgreSQL folds it.</summary>
    public string Identifier()
    {
        if (!Next.IsName)
            throw Unexpected("a name");
        return Take().Value;
    }

    /// <summary>Reads a name with up to two qualifiers (<c>database.schema.name</c>).</summary>
    public ObjectName Name()
    {
        List<string> parts = [Identifier()];
        while (Next.Is(".") && Peek(1).IsName)
        {
            Take();
            parts.Add(Identifier());
        }
        return parts.Count <= 3 ? ObjectName.Of(parts[^1], parts.Count > 1 ? parts[^2] : null) : throw new NotUnderstoodException("a name has too many parts");
    }

    /// <summary>Reads names between commas.</summary>
    public List<ObjectName> Names()
    {
        List<ObjectName> names = [Name()];
        while (TryMark(","))
            names.Add(Name());
        return names;
    }

    /// <summary>Reads a string literal.</summary>
    public string String() => Next.Kind == TokenKind.String ? Take().Value : throw Unexpected("a string");

    /// <summary>Reads <c>IF EXISTS</c>.</summary>
    public bool IfExists() => Try("if", "exists");

    /// <summary>Reads <c>IF NOT EXISTS</c>.</summary>
    public bool IfNotExists() => Try("if", "not", "exists");

    /// <summary>Reads <c>CASCADE</c> or <c>RESTRICT</c>; true for the first.</summary>
    public bool Cascade()
    {
        if (Try("cascade"))
            return true;
        Try("restrict");
        return false;
    }

    /// <summary>Reads from an opening parenthesis to the one that closes it; returns what is between.</summary>
    public IReadOnlyList<Token> Parentheses()
    {
        if (!Next.Is("("))
            throw Unexpected("'('");
        var inside = Until(() => false, stopAfterGroup: true);
        return [.. inside.Skip(1).SkipLast(1)];
    }

    /// <summary>Reads a list of plain column names in parentheses.</summary>
    public ValueList<string> Columns()
    {
        var inside = Over(Parentheses());
        List<string> columns = [inside.Identifier()];
        while (inside.TryMark(","))
            columns.Add(inside.Identifier());
        inside.End();
        return columns.ToValueList();
    }

    /// <summary>Reads tokens until one, outside of parentheses and brackets, that the condition holds for, or to the end.</summary>
    public IReadOnlyList<Token> Until(Func<bool> stop) => Until(stop, stopAfterGroup: false);

    /// <summary>The rest, cut at the commas outside of parentheses and brackets.</summary>
    public IEnumerable<StatementReader> Items()
    {
        do
            yield return Over(Until(() => Next.Is(",")));
        while (TryMark(","));
    }

    /// <summary>Tokens as they are written, white space reduced.</summary>
    public string Text(IReadOnlyList<Token> part) =>
        part.Count == 0 ? "" : statement.Source[part[0].Start..(part[^1].Start + part[^1].Text.Length)];

    /// <summary>The exception for a token that is not what was expected.</summary>
    public NotUnderstoodException Unexpected(string expected) =>
        new(AtEnd ? $"expected {expected}, found the end" : $"expected {expected}, found \"{Next.Text}\"");

    private List<Token> Until(Func<bool> stop, bool stopAfterGroup)
    {
        var taken = new List<Token>();
        var depth = 0;
        while (!AtEnd && !(depth == 0 && stop()))
        {
            if (Next.Kind == TokenKind.Invalid)
                throw new NotUnderstoodException($"\"{Next.Text[..Math.Min(20, Next.Text.Length)]}\" is no SQL");
            depth += Next.Is("(") || Next.Is("[") ? 1 : Next.Is(")") || Next.Is("]") ? -1 : 0;
            if (depth < 0)
                throw Unexpected("no closing parenthesis here");
            taken.Add(Take());
            if (stopAfterGroup && depth == 0)
                return taken;
        }
        return depth == 0 && !stopAfterGroup ? taken : throw new NotUnderstoodException("a parenthesis is not closed");
    }
}
