
namespace Runback.Runbook.Migrations.Alembic;

/// <summary>The values that a call is given.</summary>
internal sealed class CallArguments
{
    internal List<Value> Positional { get; } = [];

    internal Dictionary<string, Value> Named { get; } = [];

    /// <summary>True when there may be more arguments than are known.</summary>
    internal bool Incomplete { get; set; }

    internal int Count => Positional.Count + Named.Count;

    internal IEnumerable<Value> All => Positional.Concat(Named.Values);

    internal static CallArguments Of(params ReadOnlySpan<Value> values)
    {
        var arguments = new CallArguments();
        arguments.Positional.AddRange(values);
        return arguments;
    }

    /// <summary>
    /// Arguments of unknown value for each parameter without a default. One named <c>op</c> is taken for Alembic's operations, which
    /// some projects hand to <c>upgrade(op)</c>: with anything else the changes would have other names.
    /// </summary>
    /// <param name="function">The function that is called.</param>
    /// <param name="row">What a parameter may be besides: a row that the caller has; null for none.</param>
    internal static CallArguments OfUnknown(Function function, Value? row = null)
    {
        var arguments = new CallArguments();
        foreach (var parameter in function.Parameters)
        {
            if (parameter.Default is null && parameter.Stars == 0)
                arguments.Named[parameter.Name] = parameter.Name == "op" ? new ModulePath("alembic.op") : row ?? Opaque.Value;
        }

        return arguments;
    }

    internal Value? At(int index) => index < Positional.Count ? Positional[index] : null;

    internal Value? Get(string name) => Named.GetValueOrDefault(name);

    /// <summary>The argument at a position, or under one of the names.</summary>
    internal Value? Get(int index, params ReadOnlySpan<string> names)
    {
        if (index >= 0 && index < Positional.Count)
            return Positional[index];
        foreach (var name in names)
        {
            if (Named.TryGetValue(name, out var value))
                return value;
        }

        return null;
    }

    /// <summary>A flag: what it is when known, <paramref name="otherwise"/> when absent, <paramref name="unknown"/> when it isn't known.</summary>
    internal bool Flag(string name, bool otherwise, bool unknown) =>
        Named.TryGetValue(name, out var value) ? Values.Truth(value) ?? unknown : Incomplete ? unknown : otherwise;

    internal Mapping NamedMapping() => new([.. Named.Select(entry => new MapEntry(Values.Text(entry.Key), entry.Value))]);

    internal CallArguments WithoutFirst()
    {
        var result = new CallArguments { Incomplete = Incomplete };
        result.Positional.AddRange(Positional.Skip(1));
        foreach (var (name, value) in Named)
            result.Named[name] = value;
        return result;
    }

    internal CallArguments Prepended(Value first)
    {
        var result = new CallArguments { Incomplete = Incomplete };
        result.Positional.Add(first);
        result.Positional.AddRange(Positional);
        foreach (var (name, value) in Named)
            result.Named[name] = value;
        return result;
    }
}
