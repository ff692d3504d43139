namespace Runback.Ci;

/// <summary>A call of the build that a CI system makes: what is called, when, where, and what is kept of it.</summary>
/// <param name="Name">Its name, and that of its workflow file.</param>
/// <param name="Description">What it does, in a sentence.</param>
/// <param name="Command">The call, a word each; never a value that somebody types.</param>
public sealed record Job(string Name, string Description, params IReadOnlyList<string> Command)
{
    /// <summary>What a person is asked when starting it by hand.</summary>
    public IReadOnlyList<Input> Inputs { get; init; } = [];

    /// <summary>The secret parameters that it gets from the CI system's store, each under its environment variable's name.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>When it runs by itself; null for never.</summary>
    public Cron? Schedule { get; init; }

    /// <summary>Whether it can be started by hand.</summary>
    public bool IsManual { get; init; }

    /// <summary>Whether it runs for every push and for every proposed change.</summary>
    public bool OnChange { get; init; }

    /// <summary>What must approve it, or null for nothing.</summary>
    public Protection? Protection { get; init; }

    /// <summary>Jobs of one group never run at the same time, and none is cancelled for another; null for no such group.</summary>
    public string? Group { get; init; }

    /// <summary>The labels of the GitHub runner.</summary>
    public required IReadOnlyList<string> RunsOn { get; init; }

    /// <summary>The tags of the GitLab runner, whose executor is a shell on a host with Docker.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>After how many minutes it is ended.</summary>
    public required int Minutes { get; init; }

    /// <summary>Whether it is a run, whose folder and report are kept.</summary>
    public bool IsRun { get; init; }

    /// <summary>Other files that are kept of it.</summary>
    public IReadOnlyList<string> Artifacts { get; init; } = [];

    /// <summary>For how many days they are kept.</summary>
    public int Days { get; init; } = 30;

    /// <summary>The call as a shell line; its words are plain by <see cref="Check"/>.</summary>
    public string Line => string.Join(' ', Command);

    /// <summary>Sees that the declaration is one that can be written down.</summary>
    /// <exception cref="DeclarationException">A word needs quoting, a number is none, or a name is used twice.</exception>
    public void Check()
    {
        if (Name.Length == 0 || !Name.All(letter => char.IsAsciiLetterLower(letter) || letter == '-'))
            throw new DeclarationException($"expected a job's name of small letters and dashes, found `{Name}`");
        if (Command.Count == 0 || Command.FirstOrDefault(word => word.Length == 0 || !word.All(IsPlain)) is { } odd)
            throw new DeclarationException($"expected the words of the job {Name} to need no quoting in a shell, found `{Line}`");
        if (Minutes < 1 || Days < 1)
            throw new DeclarationException($"expected the job {Name} to have at least one minute and one day, found {Minutes} and {Days}");
        if (Inputs.GroupBy(input => input.Kebab).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DeclarationException($"expected each input of the job {Name} once, found {twice.Key} more often");
        if (Inputs.FirstOrDefault(input => input.Options.Count > 0 && !input.Options.Contains(input.Default)) is { } input)
            throw new DeclarationException($"expected {input.Kebab} of the job {Name} to start with one of its options, found `{input.Default}`");
        if (Protection is { } protection && Inputs.All(given => given.Name != protection.Input || !protection.Values.All(given.Options.Contains)))
            throw new DeclarationException($"expected the job {Name} to have the input {protection.Input} with the options {string.Join(", ", protection.Values)}, found none such");
        if (Protection is { } one && one.Open(this) is var open && (open.Count == 0 || !open.All(value => value.All(char.IsAsciiLetterOrDigit))))
            throw new DeclarationException($"expected the input {one.Input} of the job {Name} to have options of letters and digits that need no guard, found none such");
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/' or '=';
}

/// <summary>The environment of the CI system in which a job runs: there it is that approvals are asked for and secrets are kept.</summary>
/// <param name="Usual">The environment's name.</param>
/// <param name="Guarded">The name of the one in which the values below are let through.</param>
/// <param name="Input">The input that decides, in Pascal case.</param>
/// <param name="Values">Its values that need the guarded environment.</param>
public sealed record Protection(string Usual, string Guarded, string Input, params IReadOnlyList<string> Values)
{
    /// <summary>
    /// The parameter, in Pascal case, that holds the values which the build itself lets through in the usual environment: what decides which job starts is read before a
    /// person can still set a variable, and what the build compares is not the text but what it stands for. Null for none.
    /// </summary>
    public string? AllowList { get; init; }

    /// <summary>The values that the usual environment lets through: all that aren't guarded. Whatever else somebody types needs the guarded one.</summary>
    internal IReadOnlyList<string> Open(Job job) => [.. job.Inputs.Single(input => input.Name == Input).Options.Except(Values, StringComparer.Ordinal)];
}
