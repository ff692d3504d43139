using System.Globalization;
using Runback.Runbook.Migrations.Sql;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>
/// Computes what a condition gives for a row that old code writes, in SQL's three-valued logic: new columns hold NULL or their
/// default then, old ones could hold anything. What is not understood could be anything.
/// </summary>
internal sealed class CheckEvaluation
{
    private const int MostNesting = 100;

    private readonly IReadOnlyList<Token> _tokens;
    private readonly Func<string, (bool IsNew, string? Default)> _column;
    private int _at;
    private int _depth;

    private CheckEvaluation(IReadOnlyList<Token> tokens, Func<string, (bool IsNew, string? Default)> column) => (_tokens, _column) = (tokens, column);

    private enum Kind { Anything, Null, True, False, Literal }

    private readonly record struct Value(Kind Kind, string Text = "");

    private static Value Anything => new(Kind.Anything);
    private static Value Null => new(Kind.Null);

    /// <summary>True when the condition can't be false: a check accepts the row.</summary>
    /// <param name="expression">The condition.</param>
    /// <param name="column">Whether a column is new, and the default that it then has (null: it stays NULL).</param>
    public static bool NeverFalse(string expression, Func<string, (bool IsNew, string? Default)> column) =>
        Evaluate(expression, column).Kind is Kind.True or Kind.Null;

    /// <summary>True when the condition can't be true: a partial index leaves the row out.</summary>
    public static bool NeverTrue(string expression, Func<string, (bool IsNew, string? Default)> column) =>
        Evaluate(expression, column).Kind is Kind.False or Kind.Null;

    private static Value Evaluate(string expression, Func<string, (bool IsNew, string? Default)> column)
    {
        var evaluation = new CheckEvaluation(Expressions.Read(expression), column);
        try
        {
            var value = evaluation.Or();
            return evaluation._at == evaluation._tokens.Count ? value : Anything;
        }
        catch (NotUnderstoodException)
        {
            return Anything;
        }
    }

    private Token Next => _at < _tokens.Count ? _tokens[_at] : default;

    private bool Try(string word)
    {
        if (!Next.IsWord(word) && !Next.Is(word))
            return false;
        _at++;
        return true;
    }

    private Value Or()
    {
        var value = And();
        while (Try("or"))
        {
            var right = And();
            value = value.Kind == Kind.True || right.Kind == Kind.True ? new(Kind.True) : Joined(value, right, Kind.False);
        }
        return value;
    }

    private Value And()
    {
        var value = Not();
        while (Try("and"))
        {
            var right = Not();
            value = value.Kind == Kind.False || right.Kind == Kind.False ? new(Kind.False) : Joined(value, right, Kind.True);
        }
        return value;
    }

    // Of two that do not decide alone: both neutral gives neutral, NULL with neutral gives NULL, else it could be anything.
    private static Value Joined(Value left, Value right, Kind neutral) =>
        left.Kind == neutral ? right : right.Kind == neutral ? left : left.Kind == Kind.Null && right.Kind == Kind.Null ? Null : Anything;

    private Value Not()
    {
        var negated = false;
        while (Try("not"))
            negated = !negated;
        return negated ? Negated(Predicate()) : Predicate();
    }

    private static Value Negated(Value value) => value.Kind switch
    {
        Kind.True => new(Kind.False),
        Kind.False => new(Kind.True),
        Kind.Null => Null,
        _ => Anything,
    };

    private Value Predicate()
    {
        var left = Operand();
        if (Try("is"))
            return Is(left);
        var negated = Try("not");
        if (Try("in"))
            return Negate(OneOf(left, Group()), negated);
        if (Try("between"))
        {
            Operand();
            if (!Try("and"))
                throw new NotUnderstoodException("BETWEEN without AND");
            Operand();
            return left.Kind == Kind.Null ? Null : Anything;
        }
        if (Try("like") || Try("ilike"))
        {
            Operand();
            return left.Kind == Kind.Null ? Null : Anything;
        }
        return negated ? throw new NotUnderstoodException("NOT") : Next.Kind == TokenKind.Operator ? Comparison(left) : left;
    }

    private Value Comparison(Value left)
    {
        var operation = _tokens[_at++].Text;
        if (Try("any"))
            return operation == "=" ? OneOf(left, Group()) : throw new NotUnderstoodException(operation);
        var right = Operand();
        return left.Kind == Kind.Null || right.Kind == Kind.Null ? Null : Compare(left, operation, right);
    }

    private static Value Negate(Value value, bool negated) => negated ? Negated(value) : value;

    private Value Is(Value left)
    {
        var negated = Try("not");
        var test = Next.Value;
        _at++;
        var known = left.Kind != Kind.Anything;
        var value = test switch
        {
            "null" => known ? Of(left.Kind == Kind.Null) : Anything,
            "true" => left.Kind is Kind.Null or Kind.False ? Of(false) : left.Kind == Kind.True ? Of(true) : Anything,
            "false" => left.Kind is Kind.Null or Kind.True ? Of(false) : left.Kind == Kind.False ? Of(true) : Anything,
            _ => throw new NotUnderstoodException($"IS {test}"),
        };
        return Negate(value, negated);
    }

    private static Value Of(bool value) => new(value ? Kind.True : Kind.False);

    private static Value Compare(Value left, string operation, Value right)
    {
        if (left.Kind is Kind.True or Kind.False && right.Kind is Kind.True or Kind.False)
            return operation == "=" ? Of(left == right) : operation is "<>" or "!=" ? Of(left != right) : Anything;
        if (left.Kind != Kind.Literal || right.Kind != Kind.Literal)
            return Anything;
        var numbers = Number(left.Text, out var a) & Number(right.Text, out var b);
        return operation switch
        {
            "=" => Of(numbers ? a == b : left.Text == right.Text),
            "<>" or "!=" => Of(numbers ? a != b : left.Text != right.Text),
            ">" when numbers => Of(a > b),
            ">=" when numbers => Of(a >= b),
            "<" when numbers => Of(a < b),
            "<=" when numbers => Of(a <= b),
            _ => Anything,
        };
    }

    private static bool Number(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out number);

    // Membership in a list of literals; any other list could hold anything.
    private static Value OneOf(Value left, IReadOnlyList<Token> list)
    {
        if (left.Kind == Kind.Null)
            return Null;
        var literals = list.Where(token => token.Kind is TokenKind.String or TokenKind.Number).Select(token => token.Value).ToList();
        return left.Kind == Kind.Literal && literals.Contains(left.Text) ? Of(true) : Anything;
    }

    private Value Operand()
    {
        var value = Primary();
        while (Next.Kind == TokenKind.Operator && Next.Text is "::" or "+" or "-" or "||" or "->" or "->>")
        {
            var operation = _tokens[_at++].Text;
            if (operation == "::")
                Type();
            else
                value = Primary().Kind == Kind.Null || value.Kind == Kind.Null ? Null : Anything;
        }
        return value;
    }

    private void Type()
    {
        while (Next.Kind == TokenKind.Word && !(Next.Value is "and" or "or" or "is" or "not" or "in" or "between" or "like" or "ilike"))
            _at++;
        if (Next.Is("("))
            Group();
        while (Next.Is("[") || Next.Is("]"))
            _at++;
    }

    private Value Primary()
    {
        var token = Next;
        if (token.Is("("))
            return Parenthesised();
        _at++;
        if (token.Kind is TokenKind.String or TokenKind.Number)
            return new(Kind.Literal, token.Value);
        if (token.IsWord("true") || token.IsWord("false"))
            return Of(token.Value == "true");
        if (token.IsWord("null"))
            return Null;
        if (!token.IsName || Next.Is("."))
            throw new NotUnderstoodException(token.Text ?? "the end");
        if (!Next.Is("("))
            return Column(token.Value);
        var call = Group();
        return Expressions.IsNullFor(string.Join(' ', call.Select(part => part.Text).Prepend($"{token.Text} (").Append(")")), name => _column(name) is (true, null))
            ? Null
            : Anything;
    }

    private Value Parenthesised()
    {
        if (++_depth > MostNesting)
            throw new NotUnderstoodException("its parentheses are nested too deeply to be read");
        _at++;
        var value = Or();
        _depth--;
        return Try(")") ? value : throw new NotUnderstoodException("a parenthesis is not closed");
    }

    private Value Column(string name)
    {
        var (isNew, text) = _column(name);
        if (!isNew)
            return Anything;
        return text is null ? Null : Literal(text);
    }

    // 'active', 'active'::varchar, 0, true; any other default is computed.
    private static Value Literal(string text)
    {
        var tokens = Expressions.Read(text);
        if (tokens.Count == 0 || (tokens.Count > 1 && !tokens[1].Is("::")))
            return Anything;
        return tokens[0].Kind is TokenKind.String or TokenKind.Number
            ? new(Kind.Literal, tokens[0].Value)
            : tokens[0].IsWord("true") || tokens[0].IsWord("false") ? Of(tokens[0].Value == "true") : Anything;
    }

    private IReadOnlyList<Token> Group()
    {
        var start = _at;
        var depth = 0;
        do
        {
            depth += Next.Is("(") ? 1 : Next.Is(")") ? -1 : 0;
            if (_at++ >= _tokens.Count)
                throw new NotUnderstoodException("a parenthesis is not closed");
        }
        while (depth > 0);
        return [.. _tokens.Skip(start + 1).Take(_at - start - 2)];
    }
}
