using System.Text;

namespace Runback.Runbook.Migrations.Python;

/// <content>Atoms: names, constants, strings, and what stands in brackets.</content>
public sealed partial class Parser
{
    private static readonly object True = true;
    private static readonly object False = false;

    private Expression Atom()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Quoted:
                return Strings();
            case TokenKind.Number:
                at++;
                return new Literal(NumberLiteral.Value(token.Text) ?? throw new PythonSyntaxException($"'{token.Text}' is no number", token.Line), token.Line);
            case TokenKind.Name:
                switch (token.Text)
                {
                    case "None":
                        at++;
                        return new Literal(null, token.Line);
                    case "True":
                        at++;
                        return new Literal(True, token.Line);
                    case "False":
                        at++;
                        return new Literal(False, token.Line);
                }

                if (Keywords.IsKeyword(token.Text))
                    throw Unexpected("an expression");
                at++;
                return new Name(token.Text, token.Line);
            case TokenKind.Operator:
                switch (token.Text)
                {
                    case "(":
                        return Parenthesized();
                    case "[":
                        return ListOrComprehension();
                    case "{":
                        return Braces();
                    case "...":
                        at++;
                        return new Literal(Ellipsis.Value, token.Line);
                }

                break;
        }

        throw Unexpected("an expression");
    }

    private Expression Parenthesized()
    {
        Enter();
        var line = Line;
        at++;
        Expression result;
        if (Is(")"))
        {
            result = new TupleDisplay([], line);
        }
        else
        {
            var first = StarOrExpression();
            if (Is("for") || Is("async"))
                result = Clauses(ComprehensionKind.Generator, null, first, line);
            else if (Is(","))
                result = new TupleDisplay(Rest(first, ")"), line);
            else
                result = first;
        }

        Expect(")");
        depth--;
        return result;
    }

    private Expression ListOrComprehension()
    {
        Enter();
        var line = Line;
        at++;
        Expression result;
        if (Is("]"))
        {
            result = new ListDisplay([], line);
        }
        else
        {
            var first = StarOrExpression();
            result = Is("for") || Is("async")
                ? Clauses(ComprehensionKind.List, null, first, line)
                : new ListDisplay(Rest(first, "]"), line);
        }

        Expect("]");
        depth--;
        return result;
    }

    /// <summary>The items after the first, up to the closing bracket.</summary>
    private List<Expression> Rest(Expression first, string closing)
    {
        var items = new List<Expression> { first };
        while (Take(",") && !Is(closing))
            items.Add(StarOrExpression());
        return items;
    }

    /// <summary>A dict, a set, or a comprehension of either.</summary>
    private Expression Braces()
    {
        Enter();
        var line = Line;
        at++;
        Expression result;
        if (Is("}"))
        {
            result = new DictDisplay([], line);
        }
        else if (Is("**"))
        {
            result = Dict(DictEntry(), line);
        }
        else
        {
            var first = StarOrExpression();
            if (Take(":"))
            {
                var value = Expression();
                result = Is("for") || Is("async")
                    ? Clauses(ComprehensionKind.Dict, first, value, line)
                    : Dict(new DictEntry(first, value), line);
            }
            else
            {
                result = Is("for") || Is("async")
                    ? Clauses(ComprehensionKind.Set, null, first, line)
                    : new SetDisplay(Rest(first, "}"), line);
            }
        }

        Expect("}");
        depth--;
        return result;
    }

    private DictDisplay Dict(DictEntry first, int line)
    {
        var entries = new List<DictEntry> { first };
        while (Take(",") && !Is("}"))
            entries.Add(DictEntry());
        return new DictDisplay(entries, line);
    }

    private DictEntry DictEntry()
    {
        if (Take("**"))
            return new DictEntry(null, Binary(1));
        var key = Expression();
        Expect(":");
        return new DictEntry(key, Expression());
    }

    private Comprehension Clauses(ComprehensionKind kind, Expression? key, Expression element, int line)
    {
        var clauses = new List<ComprehensionClause>();
        while (Is("for") || (Is("async") && NextIs("for")))
        {
            var isAsync = Take("async");
            at++;
            var target = TargetList();
            Expect("in");
            var values = Or();
            var conditions = new List<Expression>();
            while (Take("if"))
                conditions.Add(Is("lambda") ? Expression() : NamedCondition());
            clauses.Add(new ComprehensionClause(target, values, conditions, isAsync));
        }

        return new Comprehension(kind, key, element, clauses, line);
    }

    private Expression NamedCondition() => Current.Kind == TokenKind.Name && NextIs(":=") ? NamedExpression() : Or();

    /// <summary>One or more literals side by side, joined into one.</summary>
    private Expression Strings()
    {
        var line = Line;
        var parts = new List<Expression>();
        var text = new StringBuilder();
        var bytes = false;
        var first = at;
        while (Current.Kind == TokenKind.Quoted)
        {
            foreach (var piece in StringLiteral.Read(source, tokens[at], out var isBytes))
            {
                bytes |= isBytes;
                if (piece.Text is not null)
                {
                    text.Append(piece.Text);
                    continue;
                }

                AddText(parts, text, line);
                parts.Add(Field(piece));
            }

            at++;
        }

        if (parts.Count == 0)
        {
            var whole = text.ToString();
            // As many line breaks in the value as in the source: neither escapes nor joined lines moved any.
            var spans = at == first + 1 && whole.AsSpan().Count('\n') is > 0 and var breaks && breaks == source.AsSpan(tokens[first].Start, tokens[first].End - tokens[first].Start).Count('\n');
            return new Literal(bytes ? new PythonBytes(whole) : whole, line) { SpansLines = spans };
        }

        AddText(parts, text, line);
        return new FormattedString(parts, line);
    }

    private static void AddText(List<Expression> parts, StringBuilder text, int line)
    {
        if (text.Length == 0)
            return;
        parts.Add(new Literal(text.ToString(), line));
        text.Clear();
    }

    private FormattedField Field(StringPiece piece)
    {
        var inner = new Parser(source, Tokenizer.ReadExpression(source, piece.Start, piece.End, piece.Line), depth);
        inner.Enter();
        var value = inner.ExpressionList();
        links = Math.Max(links, inner.links);
        if (inner.Current.Kind != TokenKind.End)
            throw inner.Unexpected("the end of the f-string's field");
        FormattedString? spec = null;
        if (piece.Spec is not null)
        {
            var parts = new List<Expression>();
            foreach (var part in piece.Spec)
                parts.Add(part.Text is null ? Field(part) : new Literal(part.Text, piece.Line));
            spec = new FormattedString(parts, piece.Line);
        }

        return new FormattedField(value, piece.Conversion, spec, piece.Line);
    }
}
