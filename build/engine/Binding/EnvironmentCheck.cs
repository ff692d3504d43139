namespace Runback.Engine.Binding;

/// <summary>Finds variables that were meant for a parameter and miss it.</summary>
internal static class EnvironmentCheck
{
    /// <summary>A variable with the prefix NUKE_ that is none of ours, but nearly, is a typing error; other ones belong to other tools.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public static void ThrowIfMistyped(IEnumerable<string> variables, ParameterCatalog parameters)
    {
        var known = parameters.All.Select(x => x.EnvironmentNames[0]).Concat(EnvironmentOptions.Names).ToList();
        foreach (var variable in variables.Where(x => x.StartsWith("NUKE_", StringComparison.Ordinal) && !known.Contains(x)))
        {
            var name = Naming.Plain(variable["NUKE_".Length..]);
            if (known.FirstOrDefault(x => Nearest.Distance(name, Naming.Plain(x["NUKE_".Length..])) <= Math.Min(2, name.Length / 2)) is { } meant)
                throw new UsageException($"Environment variable {variable} is no parameter.", $"did you mean {meant}? unset {variable} if it belongs to something else");
        }
    }
}
