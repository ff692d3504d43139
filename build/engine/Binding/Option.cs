namespace Runback.Engine.Binding;

/// <summary>How an option takes values on the command line.</summary>
internal enum OptionKind
{
    /// <summary>Needs none; <c>true</c> or <c>false</c> may follow.</summary>
    Flag,

    /// <summary>Exactly one, given once.</summary>
    Value,

    /// <summary>One each time it is given.</summary>
    Repeated,

    /// <summary>All that follow up to the next option.</summary>
    Values,
}

/// <summary>An option as the command line knows it.</summary>
/// <param name="Name">In Pascal case.</param>
internal sealed record Option(string Name, OptionKind Kind, string Description)
{
    public string Kebab { get; } = "--" + Naming.Kebab(Name);

    /// <summary>Between values inside one word.</summary>
    public char? Separator { get; init; }

    /// <summary>Values are names of targets.</summary>
    public bool TakesTargets { get; init; }

    /// <summary>May stand without any value although it takes them.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>Errors never repeat its value.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Words that <c>--help</c> shows and completion offers.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Whether <c>--help</c> and completion show it.</summary>
    public bool Listed { get; init; } = true;
}
