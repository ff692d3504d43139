using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <content>Objects that came from a query: whatever changes one in place is written back at the next flush, and so is an update of rows.</content>
internal sealed partial class Evaluator
{
    private const string PerhapsARow = "what it belongs to is not known: it could be a row";

    /// <summary>Set once a row was put where it is not followed: from then on data that is not known may be one.</summary>
    private bool rowsAmongData;

    /// <summary>The row, or part of one, that a value is or is reached through; null when it is none.</summary>
    private static Query? RowOf(Value value)
    {
        while (value is Member member)
        {
            Effort.Spend();
            value = member.Owner;
        }

        return value as Query;
    }

    /// <summary>What an attribute of a row holds.</summary>
    private static Query PartOf(Query row, string? attribute)
    {
        var column = row.IsPart ? null : ColumnOf(row.Entity, attribute);
        return new Query(null, isRow: true) { IsPart = true, Of = column is null ? null : row.Entity, Column = column };
    }

    /// <summary>The column of a model's attribute; null when it isn't known to be one: it may be a relationship, whose changes are those of other tables.</summary>
    private static string? ColumnOf(TableValue? entity, string? attribute) => attribute is null ? null : entity?.Model?.Find(attribute) switch
    {
        ColumnValue column => column.Name ?? attribute,
        // Mapped[int] without a value.
        Opaque => attribute,
        _ => null,
    };

    /// <summary>A row's attribute was set or deleted: a part's belongs to another object.</summary>
    private void AttributeChanged(Query row, string? attribute, int line)
    {
        if (row.IsPart)
            Emit(new RowsUpdated(null, []), line);
        else
            Emit(new RowsUpdated(row.Entity?.Name, attribute is null ? [] : [ColumnOf(row.Entity, attribute) ?? attribute]), line);
    }

    /// <summary>What a row or a part of it holds was changed.</summary>
    private void ContentChanged(Query row, int line)
    {
        if (row is { Of: { } table, Column: { } column })
            Emit(new RowsUpdated(table.Name, [column]), line);
        else
            Emit(new RowsUpdated(row.IsPart ? null : row.Entity?.Name, []), line);
    }

    /// <summary>An item of something was set or deleted, or a method that changes it was called.</summary>
    private void ContentChanged(Value owner, int line)
    {
        if (RowOf(owner) is { } row)
            ContentChanged(row, line);
        else if (owner is Foreign foreign)
            Unfollowed(line, $"{foreign.Name}[…]", PerhapsARow);
        else if (owner is Opaque && rowsAmongData)
            Unfollowed(line, "an item of data", PerhapsARow);
    }

    /// <summary><c>setattr</c>, <c>delattr</c> and their kin.</summary>
    internal Constant AttributeFunction(string name, CallArguments arguments, int line)
    {
        var owner = arguments.At(0);
        var attribute = Values.AsText(arguments.At(1));
        if (arguments.Incomplete || owner is null || (name == "setattr" && arguments.At(2) is null))
        {
            if (arguments.Incomplete || arguments.All.Any(Values.HoldsRow))
                Unfollowed(line, $"{name}(…)", PerhapsARow);
        }
        else if (name == "setattr")
            PutAttribute(owner, attribute, arguments.At(2)!, line);
        else
            DeleteAttribute(owner, attribute, line);
        return Constant.None;
    }

    private void DeleteAttribute(Value owner, string? name, int line)
    {
        switch (owner)
        {
            case Instance instance when name is not null:
                instance.Fields[name] = new Foreign($"{instance.Type.Name}.{name}");
                break;
            default:
                if (RowOf(owner) is { } row)
                    AttributeChanged(row, name, line);
                else if (owner is Foreign foreign)
                    Unfollowed(line, $"del {foreign.Name}.{name ?? "…"}", PerhapsARow);
                else if (owner is Opaque && rowsAmongData)
                    Unfollowed(line, $"del ….{name ?? "…"}", PerhapsARow);
                break;
        }
    }

    private void Delete(DeleteStatement deleted)
    {
        foreach (var target in deleted.Targets)
            Delete(target, deleted.Line);
    }

    private void Delete(Expression target, int line)
    {
        switch (target)
        {
            case Subscript subscript:
                if (subscript.Index is not Slice)
                    Evaluate(subscript.Index);
                var owner = Evaluate(subscript.Value);
                LoopEffects.Blur(owner);
                ContentChanged(owner, line);
                break;
            case AttributeReference attribute:
                DeleteAttribute(Evaluate(attribute.Value), attribute.Attribute, line);
                break;
            case TupleDisplay tuple:
                foreach (var item in tuple.Items)
                    Delete(item, line);
                break;
            case ListDisplay list:
                foreach (var item in list.Items)
                    Delete(item, line);
                break;
        }
    }

    /// <summary>A method of a row or of a part of it.</summary>
    private Value CallRow(Query row, string name, CallArguments arguments, int line)
    {
        if (!row.IsPart && row.Entity?.Model?.Find(name) is Function method)
            return CallValue(method.BoundTo(row), arguments, line);
        switch (name)
        {
            case "__setattr__" or "__delattr__":
                if (row.IsPart)
                    Emit(new RowsUpdated(null, []), line);
                else
                    AttributeChanged(row, arguments.Incomplete ? null : Values.AsText(arguments.At(0)), line);
                return Constant.None;
            case "__getattribute__" or "__getattr__":
                return PartOf(row, Values.AsText(arguments.At(0)));
        }

        if (IsMutator(name))
        {
            ContentChanged(row, line);
            CallBack(arguments, line);
            return row.IsPart ? row : PartOf(row, null);
        }

        if (RowMethods.Reach(name))
        {
            // What it gives back is the same object, or a part of it.
            CallBack(arguments, line);
            return row.IsPart ? row : new Query(row.Entity, isRow: true) { IsPart = true };
        }

        if (arguments.All.Any(Values.ReachesDatabase))
            return CallForeign(name, arguments, line);
        CallBack(arguments, line);
        if (RowMethods.OnlyCompute(name) || row.Column is not null)
            return Opaque.Value;
        return CallForeign(name, arguments, line);
    }

    /// <summary>
    /// Functions among the arguments are followed once, since the callee may call them; with what may be a row when another argument holds one.
    /// </summary>
    private void CallBack(CallArguments arguments, int line, Value? over = null)
    {
        if (!arguments.All.Any(argument => argument is Function or Member))
            return;
        var row = over is not null && Values.HoldsRow(over) ? Values.RowIn(over) : arguments.All.Where(Values.HoldsRow).Select(Values.RowIn).FirstOrDefault();
        foreach (var argument in arguments.All)
        {
            if (argument is Function function)
            {
                Either(
                    () => Invoke(function, CallArguments.OfUnknown(function, row), line, out _),
                    () => Flow.Normal);
            }
            else if (argument is Member { Owner: var owner, Name: var name } && RowOf(owner) is { } held && (IsMutator(name) || name is "__setattr__" or "__delattr__"))
            {
                ContentChanged(held, line);
            }
        }
    }
}
