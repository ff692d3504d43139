using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>What a loop's body changes: names assigned, and lists and dicts that may grow or shrink.</summary>
internal sealed class LoopEffects : SyntaxWalker
{
    private readonly HashSet<string> assigned = [];
    private readonly HashSet<string> mutated = [];

    /// <summary>
    /// Makes every name that the body may change hold anything, and every collection that it may change uncertain. Gives the names that were data before.
    /// </summary>
    internal static List<string> Forget(IReadOnlyList<Statement> body, Module module, Scope scope)
    {
        var effects = new LoopEffects();
        effects.Visit(body);
        foreach (var statement in module.Body)
        {
            if (statement is not FunctionDefinition function)
                continue;
            effects.Elsewhere(function.Body);
            var inner = new LoopEffects();
            inner.Visit(function.Body);
            effects.mutated.UnionWith(inner.mutated);
        }

        var data = new List<string>();
        foreach (var name in effects.assigned)
        {
            if (scope.Find(name) is not { } before)
                continue;
            scope.Set(name, Values.Join(before, Opaque.Value));
            if (before is not Foreign && !Values.HoldsRow(before))
                data.Add(name);
        }

        foreach (var name in effects.mutated)
            Blur(scope.Find(name));
        return data;
    }

    /// <summary>Marks a collection as one that may hold more, or less, than is known.</summary>
    internal static void Blur(Value? value)
    {
        switch (value)
        {
            case Sequence { Kind: not SequenceKind.Tuple } list:
                list.Uncertain = true;
                list.Items.Add(Opaque.Value);
                break;
            case Mapping map:
                map.Uncertain = true;
                map.Entries.Add(new(Opaque.Value, Opaque.Value));
                break;
        }
    }

    /// <summary>Functions of the file may be called by the loop: what they change outside themselves counts.</summary>
    private void Elsewhere(IReadOnlyList<Statement> body)
    {
        foreach (var statement in body)
        {
            switch (statement)
            {
                case ScopeStatement scope:
                    assigned.UnionWith(scope.Names);
                    mutated.UnionWith(scope.Names);
                    break;
                case FunctionDefinition inner:
                    Elsewhere(inner.Body);
                    break;
            }
        }
    }

    protected override void Target(Expression target)
    {
        switch (target)
        {
            case Name name:
                assigned.Add(name.Id);
                break;
            case Subscript or AttributeReference:
                Mutates(target);
                break;
        }

        base.Target(target);
    }

    protected override void Visit(Expression expression)
    {
        Effort.Spend();
        if (expression is NamedExpression named)
            assigned.Add(named.Target);
        if (expression is Call call)
        {
            if (call.Function is AttributeReference { Attribute: not ("get" or "items" or "keys" or "values" or "join" or "format") } method)
                Mutates(method.Value);
            if (call.Function is Name { Id: not ("len" or "range" or "enumerate" or "zip" or "sorted" or "reversed" or "list" or "tuple" or "set" or "dict"
                or "str" or "int" or "bool" or "repr" or "print" or "any" or "all" or "min" or "max" or "sum" or "isinstance") })
            {
                foreach (var argument in call.Arguments)
                    Mutates(argument.Value);
            }
        }

        base.Visit(expression);
    }

    private void Mutates(Expression expression)
    {
        while (true)
        {
            switch (expression)
            {
                case Subscript item:
                    expression = item.Value;
                    continue;
                case AttributeReference attribute:
                    expression = attribute.Value;
                    continue;
                case Name name:
                    mutated.Add(name.Id);
                    return;
                default:
                    return;
            }
        }
    }
}
