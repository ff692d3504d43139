namespace Runback.Engine.Binding;

/// <summary>The engine's own options in the environment: each is read, or refused, and never passed over.</summary>
internal static class EnvironmentOptions
{
    // What these ask for takes a run's place, or is not this engine's.
    private static readonly string[] OnCommandLineOnly =
    [
        Variable(BuiltInOptions.Schema), Variable(BuiltInOptions.GenerateSchema), Variable(BuiltInOptions.Completion), Variable(BuiltInOptions.Version),
        "NUKE_CONTINUE", "NUKE_PARTITION", "NUKE_HOST",
    ];

    /// <summary>All names that the engine itself knows.</summary>
    public static IEnumerable<string> Names { get; } = [.. BuiltInOptions.All.Select(Variable), .. OnCommandLineOnly.Except(BuiltInOptions.All.Select(Variable))];

    /// <summary>The only variable of one of the engine's options.</summary>
    public static string Variable(Option option) => VariableNames.Prefix + Naming.UpperSnake(option.Name);

    /// <summary>Adds to a command line what it leaves to the environment: targets, skipped ones, plan and help.</summary>
    /// <exception cref="UsageException">A variable is set that can't be followed.</exception>
    public static void AddTo(CommandLine line, ParameterCatalog parameters, Func<string, string?> environment)
    {
        foreach (var variable in OnCommandLineOnly)
        {
            if (!string.IsNullOrWhiteSpace(environment(variable)) && parameters.Find(variable[VariableNames.Prefix.Length..].Replace('_', '-')) is null)
                throw new UsageException($"Environment variable {variable} is not read here, and would change what every command does.", $"unset {variable}");
        }

        foreach (var flag in (Option[])[BuiltInOptions.Plan, BuiltInOptions.Help])
        {
            if (environment(Variable(flag)) is not { } text || string.IsNullOrWhiteSpace(text) || line.Has(flag))
                continue;
            line.Adopt(flag, [Truth.Of(text) is { } on ? on ? "true" : "false"
                : throw new UsageException($"Environment variable {Variable(flag)} takes true or false, not '{text}'.", $"allowed: {Truth.Words}")], Variable(flag));
        }

        foreach (var option in (Option[])[BuiltInOptions.Target, BuiltInOptions.Skip])
        {
            if (environment(Variable(option)) is { } text && text.Split([' ', ',', '+', '\n'], StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } names
                && !line.Has(option) && !(option == BuiltInOptions.Target && line.Words.Count > 0))
            {
                line.Adopt(option, names, Variable(option));
            }
        }
    }
}
