using System.Globalization;
using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Tests.Migrations.Python;

/// <summary>Writes an expression with every bracket, so that a test sees how it binds.</summary>
internal static class Shown
{
    internal static string Expression(Expression? expression) => expression switch
    {
        null => "",
        Literal { Value: null } => "None",
        Literal { Value: string text } => $"'{text}'",
        Literal { Value: PythonBytes bytes } => $"b'{bytes.Text}'",
        Literal literal => Convert.ToString(literal.Value, CultureInfo.InvariantCulture)!,
        Name name => name.Id,
        FormattedString text => "f'" + string.Concat(text.Parts.Select(Part)) + "'",
        AttributeReference attribute => $"{Expression(attribute.Value)}.{attribute.Attribute}",
        Subscript item => $"{Expression(item.Value)}[{Expression(item.Index)}]",
        Slice slice => $"{Expression(slice.Lower)}:{Expression(slice.Upper)}:{Expression(slice.Step)}",
        Call call => $"{Expression(call.Function)}({string.Join(", ", call.Arguments.Select(Argument))})",
        UnaryOperation unary => unary.Operator + Expression(unary.Operand),
        BinaryOperation binary => $"({Expression(binary.Left)} {binary.Operator} {Expression(binary.Right)})",
        BooleanOperation boolean => $"({string.Join(boolean.IsAnd ? " and " : " or ", boolean.Operands.Select(Expression))})",
        Comparison comparison => $"({Expression(comparison.First)}{string.Concat(comparison.Others.Select(other => $" {other.Operator} {Expression(other.Operand)}"))})",
        ConditionalExpression choice => $"({Expression(choice.Then)} if {Expression(choice.Test)} else {Expression(choice.Otherwise)})",
        LambdaExpression lambda => $"(lambda {string.Join(' ', lambda.Parameters.Select(Parameter))}: {Expression(lambda.Body)})",
        TupleDisplay tuple => $"({Items(tuple.Items)})",
        ListDisplay list => $"[{Items(list.Items)}]",
        SetDisplay set => $"{{{Items(set.Items)}}}",
        DictDisplay dict => $"{{{string.Join(", ", dict.Entries.Select(entry => entry.Key is null ? $"**{Expression(entry.Value)}" : $"{Expression(entry.Key)}: {Expression(entry.Value)}"))}}}",
        Comprehension comprehension => Comprehension(comprehension),
        Starred starred => "*" + Expression(starred.Value),
        AwaitExpression awaited => "await " + Expression(awaited.Value),
        NamedExpression named => $"({named.Target} := {Expression(named.Value)})",
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression.GetType().Name, null),
    };

    private static string Items(IEnumerable<Expression> items) => string.Join(", ", items.Select(Expression));

    private static string Part(Expression part) => part switch
    {
        Literal { Value: string text } => text,
        FormattedField field => $"{{{Expression(field.Value)}{(field.Conversion is { } letter ? $"!{letter}" : "")}{(field.Spec is null ? "" : ":" + Spec(field.Spec))}}}",
        _ => "?",
    };

    private static string Spec(FormattedString spec) => spec.Parts.All(part => part is Literal) ? $"'{string.Concat(spec.Parts.Select(Part))}'" : Expression(spec);

    private static string Argument(Argument argument) =>
        new string('*', argument.Stars) + (argument.Keyword is null ? "" : argument.Keyword + "=") + Expression(argument.Value);

    private static string Parameter(Parameter parameter) =>
        new string('*', parameter.Stars) + parameter.Name + (parameter.Default is null ? "" : "=" + Expression(parameter.Default));

    private static string Comprehension(Comprehension comprehension)
    {
        var (open, close) = comprehension.Kind switch
        {
            ComprehensionKind.List => ("[", "]"),
            ComprehensionKind.Generator => ("(", ")"),
            _ => ("{", "}"),
        };
        var key = comprehension.Key is null ? "" : Expression(comprehension.Key) + ": ";
        var clauses = comprehension.Clauses.Select(clause =>
            $" for {Expression(clause.Target)} in {Expression(clause.Source)}{string.Concat(clause.Conditions.Select(condition => " if " + Expression(condition)))}");
        return open + key + Expression(comprehension.Element) + string.Concat(clauses) + close;
    }
}
