using System.Text;
using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <content>Expressions.</content>
internal sealed partial class Evaluator
{
    private Value Evaluate(Expression expression)
    {
        Step(expression.Line);
        if (++nesting > MostNesting)
            throw TooDeep();
        var value = ValueOf(expression);
        nesting--;
        return value;
    }

    private Value ValueOf(Expression expression)
    {
        switch (expression)
        {
            case Literal literal:
                return literal.Value is null ? Constant.None : new Constant(literal.Value) { Line = literal.SpansLines ? literal.Line : 0 };
            case FormattedString text:
                return Formatted(text);
            case Name name:
                return Lookup(name.Id);
            case AttributeReference attribute:
                return Attribute(Evaluate(attribute.Value), attribute.Attribute);
            case Subscript subscript:
                return Item(Evaluate(subscript.Value), subscript.Index);
            case Call call:
                return Call(call);
            case UnaryOperation unary:
                return Arithmetic.Unary(unary.Operator, Evaluate(unary.Operand));
            case BinaryOperation binary:
                return Arithmetic.Binary(Evaluate(binary.Left), binary.Operator, Evaluate(binary.Right));
            case BooleanOperation boolean:
                return Boolean(boolean, 0);
            case Comparison comparison:
                return Compare(comparison);
            case ConditionalExpression choice:
                return Values.Truth(Evaluate(choice.Test)) switch
                {
                    true => Evaluate(choice.Then),
                    false => Evaluate(choice.Otherwise),
                    _ => EitherValue(() => Evaluate(choice.Then), () => Evaluate(choice.Otherwise)),
                };
            case LambdaExpression lambda:
                return WithDefaults(new Function("lambda", lambda.Parameters, null, lambda.Body, frame.Scope, lambda.Line) { Module = source });
            case TupleDisplay tuple:
                return Display(tuple.Items, SequenceKind.Tuple);
            case ListDisplay list:
                return Display(list.Items, SequenceKind.List);
            case SetDisplay set:
                return Display(set.Items, SequenceKind.Set);
            case DictDisplay dict:
                return Dict(dict);
            case Comprehension comprehension:
                return Comprehend(comprehension);
            case Starred starred:
                return Evaluate(starred.Value);
            case AwaitExpression awaited:
                return Evaluate(awaited.Value);
            case YieldExpression yielded:
                frame.Yields = true;
                if (yielded.Value is not null)
                    frame.Results.Add(Evaluate(yielded.Value));
                return Opaque.Value;
            case NamedExpression named:
                {
                    var value = Evaluate(named.Value);
                    frame.Scope.Set(named.Target, value);
                    return value;
                }

            default:
                return Opaque.Value;
        }
    }

    private Value EitherValue(Func<Value> first, Func<Value> second)
    {
        Value one = Opaque.Value, other = Opaque.Value;
        var flow = Either(
            () =>
            {
                one = first();
                return Flow.Normal;
            },
            () =>
            {
                other = second();
                return Flow.Normal;
            });
        return flow == Flow.Normal ? Values.Join(one, other) : Opaque.Value;
    }

    private Value Lookup(string name)
    {
        if (frame.Scope.Find(name) is { } value)
            return Followed(value);
        if (Builtins.IsBuiltin(name))
            return new ModulePath("builtins." + name);
        return source.StarImport is not { } star ? new Foreign(name) : new ModulePath(star + "." + name);
    }

    private Constant Formatted(FormattedString text)
    {
        var result = new StringBuilder();
        foreach (var part in text.Parts)
        {
            switch (part)
            {
                case Literal { Value: string known }:
                    result.Append(TextFormat.Paid(known));
                    break;
                case FormattedField field:
                    var value = Evaluate(field.Value);
                    var spec = field.Spec is null ? "" : Formatted(field.Spec).Value as string ?? "";
                    result.Append(TextFormat.Paid(TextFormat.Field(value, field.Conversion, spec)));
                    break;
            }
        }

        return Values.Text(result.ToString());
    }

    private Value Boolean(BooleanOperation operation, int index)
    {
        var value = Evaluate(operation.Operands[index]);
        if (index == operation.Operands.Count - 1)
            return value;
        var truth = Values.Truth(value);
        if (truth == !operation.IsAnd)
            return value;
        if (truth is not null)
            return Boolean(operation, index + 1);

        // Not known: the rest may be evaluated. A known outcome of the rest still decides an "and" that is false, an "or" that is true.
        var rest = EitherValue(() => Boolean(operation, index + 1), () => value);
        return rest is Opaque && KnownRest(operation, index + 1) is { } known && known == !operation.IsAnd ? Constant.Of(known) : rest;
    }

    /// <summary>The truth of the remaining operands if one of them decides by being a plain constant or name.</summary>
    private bool? KnownRest(BooleanOperation operation, int from)
    {
        for (var i = from; i < operation.Operands.Count; i++)
        {
            var operand = operation.Operands[i];
            if (operand is Literal or Name or AttributeReference or Comparison && Values.Truth(Evaluate(operand)) == !operation.IsAnd)
                return !operation.IsAnd;
        }

        return null;
    }

    private Value Compare(Comparison comparison)
    {
        var left = Evaluate(comparison.First);
        bool? result = true;
        SqlExpression? sql = null;
        foreach (var other in comparison.Others)
        {
            var right = Evaluate(other.Operand);
            if (Arithmetic.IsSql(left) || Arithmetic.IsSql(right))
                sql = Arithmetic.SqlOf(left, right);
            var one = Comparisons.Compare(left, other.Operator, right);
            if (one == false)
                result = false;
            else if (one is null && result == true)
                result = null;
            left = right;
        }

        if (sql is not null)
            return sql;
        return result is { } known ? Constant.Of(known) : Opaque.Value;
    }

    private Sequence Display(IReadOnlyList<Expression> items, SequenceKind kind)
    {
        var values = new List<Value>(items.Count);
        var certain = true;
        foreach (var item in items)
        {
            var value = Evaluate(item);
            if (item is Starred)
            {
                values.AddRange(Values.Items(value, out var known));
                certain &= known;
            }
            else
            {
                values.Add(value);
            }
        }

        return new Sequence(values, kind, !certain);
    }

    private Mapping Dict(DictDisplay dict)
    {
        var result = new Mapping([]);
        foreach (var entry in dict.Entries)
        {
            var value = Evaluate(entry.Value);
            if (entry.Key is not null)
            {
                ContainerMethods.Put(result, Evaluate(entry.Key), value, certain: true);
            }
            else if (value is Mapping other)
            {
                foreach (var (key, inner) in other.Entries)
                    ContainerMethods.Put(result, key, inner, !other.Uncertain);
            }
            else
            {
                LoopEffects.Blur(result);
            }
        }

        return result;
    }

    private Value Comprehend(Comprehension comprehension)
    {
        var outer = frame.Scope;
        var items = new List<Value>();
        var map = new Mapping([]);
        var certain = true;
        var inner = new Frame(new Scope(outer), isModule: false);
        var before = frame;
        frame = inner;
        Clause(0);
        frame = before;
        if (comprehension.Kind == ComprehensionKind.Dict)
        {
            map.Uncertain |= !certain;
            return map;
        }

        var kind = comprehension.Kind == ComprehensionKind.Set ? SequenceKind.Set : SequenceKind.List;
        if (kind == SequenceKind.Set && certain)
            items = ContainerMethods.Distinct(items);
        return new Sequence(items, kind, !certain);

        void Clause(int index)
        {
            if (index == comprehension.Clauses.Count)
            {
                if (comprehension.Key is { } key)
                    ContainerMethods.Put(map, Evaluate(key), Evaluate(comprehension.Element), certain);
                else
                    items.Add(Evaluate(comprehension.Element));
                return;
            }

            var clause = comprehension.Clauses[index];
            var sources = Values.Items(Evaluate(clause.Source), out var known);
            certain &= known;
            foreach (var item in sources)
            {
                Assign(clause.Target, item, comprehension.Line);
                bool? taken = known ? true : null;
                foreach (var condition in clause.Conditions)
                {
                    var truth = Values.Truth(Evaluate(condition));
                    if (truth == false)
                    {
                        taken = false;
                        break;
                    }

                    taken = truth is null ? null : taken;
                }

                if (taken == false)
                    continue;
                certain &= taken == true;
                var raised = raisesNow;
                conditional += taken is null ? 1 : 0;
                Clause(index + 1);
                conditional -= taken is null ? 1 : 0;
                raisesNow = taken is null ? raised : raisesNow;
            }
        }
    }
}
