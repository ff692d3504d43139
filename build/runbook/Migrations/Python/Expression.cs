namespace Runback.Runbook.Migrations.Python;

/// <summary>An expression of Python (Python Language Reference, chapter 6).</summary>
/// <param name="Line">The line it starts on, from 1.</param>
public abstract record Expression(int Line);

/// <summary>A constant: a string, <see cref="PythonBytes"/>, long, BigInteger, double, Complex, bool, <see cref="Ellipsis"/>, or null for <c>None</c>.</summary>
public sealed record Literal(object? Value, int Line) : Expression(Line)
{
    /// <summary>A string whose line breaks are those of the file: one triple-quoted literal.</summary>
    public bool SpansLines { get; init; }
}

/// <summary>An f-string: its text and its fields, in order.</summary>
public sealed record FormattedString(IReadOnlyList<Expression> Parts, int Line) : Expression(Line);

/// <summary>A replacement field of an f-string.</summary>
public sealed record FormattedField(Expression Value, char? Conversion, FormattedString? Spec, int Line) : Expression(Line);

/// <summary>A name.</summary>
public sealed record Name(string Id, int Line) : Expression(Line);

/// <summary><c>value.name</c>.</summary>
public sealed record AttributeReference(Expression Value, string Attribute, int Line) : Expression(Line);

/// <summary><c>value[index]</c>.</summary>
public sealed record Subscript(Expression Value, Expression Index, int Line) : Expression(Line);

/// <summary><c>lower:upper:step</c> inside a subscript.</summary>
public sealed record Slice(Expression? Lower, Expression? Upper, Expression? Step, int Line) : Expression(Line);

/// <summary>A call.</summary>
public sealed record Call(Expression Function, IReadOnlyList<Argument> Arguments, int Line) : Expression(Line);

/// <summary>One argument of a call; <paramref name="Stars"/> is 1 for <c>*value</c>, 2 for <c>**value</c>.</summary>
public sealed record Argument(string? Keyword, Expression Value, int Stars);

/// <summary>An operator before its operand: <c>+ - ~ not</c>.</summary>
public sealed record UnaryOperation(string Operator, Expression Operand, int Line) : Expression(Line);

/// <summary>An arithmetic or bitwise operator between two operands.</summary>
public sealed record BinaryOperation(Expression Left, string Operator, Expression Right, int Line) : Expression(Line);

/// <summary><c>and</c> or <c>or</c> between two or more operands.</summary>
public sealed record BooleanOperation(bool IsAnd, IReadOnlyList<Expression> Operands, int Line) : Expression(Line);

/// <summary>A chain of comparisons; the operators are <c>== != &lt; &lt;= &gt; &gt;= in is</c>, <c>not in</c> and <c>is not</c>.</summary>
public sealed record Comparison(Expression First, IReadOnlyList<ComparedOperand> Others, int Line) : Expression(Line);

/// <summary>One link of a chain of comparisons.</summary>
public sealed record ComparedOperand(string Operator, Expression Operand);

/// <summary><c>then if test else otherwise</c>.</summary>
public sealed record ConditionalExpression(Expression Test, Expression Then, Expression Otherwise, int Line) : Expression(Line);

/// <summary><c>lambda parameters: body</c>.</summary>
public sealed record LambdaExpression(IReadOnlyList<Parameter> Parameters, Expression Body, int Line) : Expression(Line);

/// <summary><c>(a, b)</c>.</summary>
public sealed record TupleDisplay(IReadOnlyList<Expression> Items, int Line) : Expression(Line);

/// <summary><c>[a, b]</c>.</summary>
public sealed record ListDisplay(IReadOnlyList<Expression> Items, int Line) : Expression(Line);

/// <summary><c>{a, b}</c>.</summary>
public sealed record SetDisplay(IReadOnlyList<Expression> Items, int Line) : Expression(Line);

/// <summary><c>{a: b}</c>.</summary>
public sealed record DictDisplay(IReadOnlyList<DictEntry> Entries, int Line) : Expression(Line);

/// <summary>One entry of a dict; without a key it is <c>**value</c>.</summary>
public sealed record DictEntry(Expression? Key, Expression Value);

/// <summary>What a comprehension makes.</summary>
public enum ComprehensionKind
{
    /// <summary><c>[…]</c>.</summary>
    List,

    /// <summary><c>{…}</c>.</summary>
    Set,

    /// <summary><c>{k: v …}</c>.</summary>
    Dict,

    /// <summary><c>(…)</c>.</summary>
    Generator,
}

/// <summary>A comprehension or generator expression; <paramref name="Key"/> only for a dict.</summary>
public sealed record Comprehension(ComprehensionKind Kind, Expression? Key, Expression Element, IReadOnlyList<ComprehensionClause> Clauses, int Line)
    : Expression(Line);

/// <summary><c>for target in source if condition …</c>.</summary>
public sealed record ComprehensionClause(Expression Target, Expression Source, IReadOnlyList<Expression> Conditions, bool IsAsync);

/// <summary><c>*value</c> in a display or a target.</summary>
public sealed record Starred(Expression Value, int Line) : Expression(Line);

/// <summary><c>await value</c>.</summary>
public sealed record AwaitExpression(Expression Value, int Line) : Expression(Line);

/// <summary><c>yield value</c> or <c>yield from value</c>.</summary>
public sealed record YieldExpression(Expression? Value, bool IsFrom, int Line) : Expression(Line);

/// <summary><c>name := value</c>.</summary>
public sealed record NamedExpression(string Target, Expression Value, int Line) : Expression(Line);

/// <summary>A parameter of a function; <paramref name="Stars"/> is 1 for <c>*args</c> (or the bare <c>*</c>, whose name is empty), 2 for <c>**kwargs</c>.</summary>
public sealed record Parameter(string Name, Expression? Default, int Stars);

/// <summary>A bytes literal, each byte as the character of its code.</summary>
public sealed record PythonBytes(string Text);

/// <summary>The constant <c>...</c>.</summary>
public sealed record Ellipsis
{
    /// <summary>The one value.</summary>
    public static readonly Ellipsis Value = new();
}
