namespace Runback.Engine.Binding;

/// <summary>What the command line says: words that belong to no option, and the raw values of every option given.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<Option, List<string>> values = [];
    private readonly Dictionary<Option, string> variables = [];
    private readonly List<string> words = [];

    private CommandLine()
    {
    }

    /// <summary>Targets, in order.</summary>
    public IReadOnlyList<string> Words => words;

    /// <summary>The word that stood right behind a flag, and that flag: most likely meant as its value.</summary>
    public (string Word, Option Flag)? AfterFlag { get; private set; }

    /// <summary>What was taken from the environment, as it stands there.</summary>
    public IReadOnlyDictionary<Option, string> Variables => variables;

    /// <summary>Reads the arguments.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="options">All there are.</param>
    /// <param name="isTarget">Whether a word names a target.</param>
    /// <exception cref="UsageException">An option is unknown, given twice, or lacks its value.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments, IReadOnlyList<Option> options, Func<string, bool> isTarget)
    {
        var line = new CommandLine();
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == "--")
            {
                line.words.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (!IsOption(word))
            {
                line.words.Add(word);
                continue;
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var option = Find(equals < 0 ? word : word[..equals], options);
            var attached = equals < 0 ? null : word[(equals + 1)..];
            i += line.Take(option, attached, arguments, i + 1, isTarget);
        }

        return line;
    }

    /// <summary>Whether the option was given.</summary>
    public bool Has(Option option) => values.ContainsKey(option);

    /// <summary>Its raw values; null when it wasn't given.</summary>
    public IReadOnlyList<string>? ValuesOf(Option option) => values.GetValueOrDefault(option);

    /// <summary>Its only raw value; null when it wasn't given.</summary>
    public string? ValueOf(Option option) => values.GetValueOrDefault(option)?[0];

    /// <summary>Whether the flag was given and isn't false.</summary>
    public bool IsOn(Option flag) => ValueOf(flag) == "true";

    /// <summary>Adds an option that wasn't given, from a variable of the environment.</summary>
    public void Adopt(Option option, IReadOnlyList<string> texts, string variable)
    {
        values[option] = [.. texts];
        variables[option] = variable;
    }

    private static bool IsOption(string word) =>
        word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]) && !(word[1] == '.' && word.Length > 2 && char.IsAsciiDigit(word[2]));

    private static Option Find(string word, IReadOnlyList<Option> options)
    {
        var name = Naming.Plain(word);
        if (word is "-h" or "-?")
            return BuiltInOptions.Help;
        return options.FirstOrDefault(x => Naming.Plain(x.Name) == name)
            ?? throw new UsageException($"There is no option {word}.",
                Nearest.Guess(word, options.Where(x => x.Listed).Select(x => x.Kebab)) + "--help lists all options");
    }

    private int Take(Option option, string? attached, IReadOnlyList<string> arguments, int next, Func<string, bool> isTarget)
    {
        if (option.Kind is OptionKind.Flag or OptionKind.Value && values.ContainsKey(option))
            throw new UsageException($"{option.Kebab} is given more than once.", "give it once");

        if (attached is not null)
        {
            Add(option, option.Kind == OptionKind.Flag ? TruthOf(option, attached) : attached);
            return 0;
        }

        if (option.Kind == OptionKind.Flag)
        {
            if (next < arguments.Count && TryTruth(arguments[next], out var truth))
            {
                Add(option, truth);
                return 1;
            }

            if (next < arguments.Count && !IsOption(arguments[next]))
                AfterFlag ??= (arguments[next], option);
            Add(option, "true");
            return 0;
        }

        var taken = 0;
        while (next + taken < arguments.Count && !IsOption(arguments[next + taken]) && (taken == 0 || option.Kind == OptionKind.Values))
        {
            var word = arguments[next + taken];
            if (option.Kind == OptionKind.Values && !option.TakesTargets && isTarget(word))
            {
                throw new UsageException($"'{word}' behind {option.Kebab} could be a value of it or the target.",
                    $"name targets before {option.Kebab}, or write {option.Kebab}=VALUE once for each value");
            }

            Add(option, word);
            taken++;
        }

        if (taken > 0)
            return taken;
        if (!option.MayBeEmpty)
        {
            throw new UsageException($"{option.Kebab} needs a value.",
                next < arguments.Count ? $"a value that starts with a dash is written {option.Kebab}=VALUE" : $"write {option.Kebab} VALUE");
        }

        values.TryAdd(option, []);
        return 0;
    }

    private void Add(Option option, string value)
    {
        if (!values.TryGetValue(option, out var list))
            values[option] = list = [];
        if (string.IsNullOrWhiteSpace(value))
            throw new UsageException($"{option.Kebab} needs a value, and the one given is empty.", "leave the option out, or give it a value");
        foreach (var part in option.Separator is { } separator ? value.Split(separator) : [value])
        {
            if (part.Length == 0)
                throw new UsageException($"{option.Kebab} has an empty value between its separators.", $"remove the extra '{option.Separator}'");
            list.Add(part);
        }
    }

    private static string TruthOf(Option option, string value) => TryTruth(value, out var truth)
        ? truth
        : throw new UsageException($"{option.Kebab} takes true or false, not '{value}'.", $"write {option.Kebab} alone for true; allowed: {Truth.Words}");

    private static bool TryTruth(string word, out string truth)
    {
        var value = Truth.Of(word);
        truth = value == true ? "true" : "false";
        return value is not null;
    }
}
