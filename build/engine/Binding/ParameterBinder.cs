using Runback.Engine.Sealing;

namespace Runback.Engine.Binding;

/// <summary>Gives every parameter of a build its value: command line, environment, profiles (the last first), parameters.json, initial value.</summary>
internal sealed class ParameterBinder
{
    private readonly ParameterCatalog parameters;
    private readonly CommandLine line;
    private readonly Func<string, string?> environment;
    private readonly string currentDirectory;
    private readonly string root;
    private readonly List<ParameterFile> files = [];

    /// <summary>Reads the parameter files that this run uses.</summary>
    /// <exception cref="UsageException">A file is broken or has an unknown key, or a profile is unknown.</exception>
    public ParameterBinder(ParameterCatalog parameters, CommandLine line, Func<string, string?> environment, string currentDirectory, string root)
    {
        this.parameters = parameters;
        this.line = line;
        this.environment = environment;
        this.currentDirectory = currentDirectory;
        this.root = root;

        var standard = ParameterFile.ReadDefault(root, parameters);
        Profiles = line.ValuesOf(BuiltInOptions.Profile)
            ?? (FromEnvironment([EnvironmentOptions.Variable(BuiltInOptions.Profile)])?.Text.Split([' ', ',', '+'], StringSplitOptions.RemoveEmptyEntries))
            ?? standard?.Profiles ?? [];
        foreach (var profile in Profiles.Reverse())
            files.Add(ParameterFile.ReadProfile(root, profile, parameters));
        if (standard is not null)
            files.Add(standard);
    }

    /// <summary>The profiles in use, in order.</summary>
    public IReadOnlyList<string> Profiles { get; }

    /// <summary>Where each value came from, after <see cref="Bind"/>.</summary>
    public Dictionary<Parameter, Origin> Origins { get; } = [];

    /// <summary>The encrypted values in force, after <see cref="Bind"/>; their parameters still have the initial ones.</summary>
    public Dictionary<Parameter, SealedValue> Sealed { get; } = [];

    /// <summary>The initial values, after <see cref="Bind"/>.</summary>
    public Dictionary<Parameter, object?> Defaults { get; } = [];

    /// <summary>Parameters whose name stands in the environment without the prefix that they are read with; null is the profile.</summary>
    public IReadOnlyList<(Parameter? Parameter, string Variable)> Unread =>
    [
        .. (IEnumerable<(Parameter?, string)>)(IsSet("PROFILE") && !IsSet(EnvironmentOptions.Variable(BuiltInOptions.Profile)) ? [(null, "PROFILE")] : []),
        .. parameters.All.Where(x => x.EnvironmentNames is [var only] && !IsSet(only) && IsSet(Naming.UpperSnake(x.Name))).Select(x => ((Parameter?)x, Naming.UpperSnake(x.Name))),
    ];

    /// <summary>Sets the parameters of a build.</summary>
    /// <exception cref="UsageException">A value isn't one of its parameter's.</exception>
    public void Bind(NukeBuild build)
    {
        foreach (var parameter in parameters.All)
        {
            Defaults[parameter] = parameter.Get(build);
            var allowed = parameter.AllowedFor(build);
            var fromFile = FromFiles(parameter, allowed);
            if (FromCommandLine(parameter, allowed) is { } given)
                Set(build, parameter, given, new Origin(OriginKind.CommandLine, parameter.Option.Kebab));
            else if (FromEnvironment(parameter.EnvironmentNames) is { } variable)
                Set(build, parameter, FromVariable(parameter, variable, allowed), new Origin(OriginKind.Environment, variable.Name));
            else if (fromFile is { Value: SealedValue value } encrypted)
                (Sealed[parameter], Origins[parameter]) = (value, new Origin(OriginKind.File, encrypted.Label) { IsSealed = true });
            else if (fromFile is { } found)
                Set(build, parameter, found.Value, new Origin(OriginKind.File, found.Label));
            else
                Origins[parameter] = Origin.Initial;
        }
    }

    /// <summary>The value of one of the engine's own flags; the environment knows it only with the prefix NUKE_.</summary>
    /// <exception cref="UsageException">It is neither true nor false.</exception>
    public bool IsOn(Option flag)
    {
        if (line.Has(flag))
            return line.IsOn(flag);
        if (FromEnvironment([EnvironmentOptions.Variable(flag)]) is { } variable)
        {
            return Truth.Of(variable.Text)
                ?? throw new UsageException($"Environment variable {variable.Name} takes true or false, not '{variable.Text}'.", $"allowed: {Truth.Words}");
        }

        foreach (var file in files)
        {
            if (file.Find(flag.Name) is not { } found)
                continue;
            return found.Value.ValueKind is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False
                ? found.Value.GetBoolean()
                : throw new UsageException($"{file.Label}: {found.Key} must be true or false.", "allowed: true, false");
        }

        return false;
    }

    /// <summary>How much is to be printed.</summary>
    /// <exception cref="UsageException">It isn't one of the allowed words.</exception>
    public Verbosity Verbosity()
    {
        var (text, source) = line.ValueOf(BuiltInOptions.Verbosity) is { } given ? (given, "--verbosity")
            : FromEnvironment([EnvironmentOptions.Variable(BuiltInOptions.Verbosity)]) is { } variable ? (variable.Text, $"Environment variable {variable.Name}")
            : files.Select(x => (Text: x.Text("verbosity") is [var word, ..] ? word : null, Source: $"{x.Label}: Verbosity")).FirstOrDefault(x => x.Text is not null);
        if (text is null)
            return Runback.Engine.Verbosity.Normal;
        return Enum.GetNames<Verbosity>().FirstOrDefault(x => Naming.Plain(x) == Naming.Plain(text)) is { } name
            ? Enum.Parse<Verbosity>(name)
            : throw new UsageException($"{source} doesn't take '{text}'.", $"allowed: {string.Join(", ", Enum.GetNames<Verbosity>())}");
    }

    private void Set(NukeBuild build, Parameter parameter, object value, Origin origin)
    {
        parameter.Set(build, value);
        Origins[parameter] = origin;
    }

    private object? FromCommandLine(Parameter parameter, IReadOnlyList<string> allowed) => line.ValuesOf(parameter.Option) is { } texts
        ? ValueConverter.FromText(parameter, texts, parameter.Option.Kebab, currentDirectory, allowed)
        : null;

    private object FromVariable(Parameter parameter, (string Name, string Text) variable, IReadOnlyList<string> allowed)
    {
        var separator = parameter.Option.Separator;
        IReadOnlyList<string> texts = !parameter.IsList ? [parameter.ElementType == typeof(string) ? variable.Text : variable.Text.Trim()]
            : separator is { } character ? variable.Text.Split(character, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : variable.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return ValueConverter.FromText(parameter, texts, $"Environment variable {variable.Name}", currentDirectory, allowed);
        }
        catch (UsageException exception) when (!variable.Name.StartsWith(VariableNames.Prefix, StringComparison.Ordinal))
        {
            throw new UsageException(exception.Message, $"{exception.Hint}; unset {variable.Name} if it belongs to another program");
        }
    }

    private (object Value, string Label)? FromFiles(Parameter parameter, IReadOnlyList<string> allowed)
    {
        (object, string)? first = null;
        foreach (var file in files)
        {
            if (file.Find(parameter.Name) is not { } found)
                continue;
            // Every file's value is converted, also one that another overrides: a broken file never passes unseen.
            var value = file.SealedValueOf(parameter) ?? ValueConverter.FromJson(parameter, found.Value, $"{file.Label}: {found.Key}", root, allowed);
            first ??= (value, file.Label);
        }

        return first;
    }

    private bool IsSet(string variable) => !string.IsNullOrWhiteSpace(environment(variable));

    private (string Name, string Text)? FromEnvironment(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (environment(name) is { } text && !string.IsNullOrWhiteSpace(text))
                return (name, text);
        }

        return null;
    }
}
