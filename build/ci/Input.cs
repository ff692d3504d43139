namespace Runback.Ci;

/// <summary>A value that a person gives when starting a job by hand. It reaches the command through the environment only, never through a shell line.</summary>
/// <param name="Name">The parameter's name, in Pascal case.</param>
/// <param name="Description">What is asked for, in a sentence.</param>
public sealed record Input(string Name, string Description)
{
    /// <summary>The values that can be chosen from; empty for any text.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether it is a yes or no.</summary>
    public bool IsFlag { get; init; }

    /// <summary>Whether the job can't start without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The value that it starts with; empty for none.</summary>
    public string Default { get; init; } = "";

    /// <summary>Its name in a form: <c>approved-by</c>.</summary>
    public string Kebab => Joined('-').ToLowerInvariant();

    /// <summary>The environment variable that the build reads: <c>NUKE_APPROVED_BY</c>.</summary>
    public string Variable => VariableOf(Name);

    /// <summary>The environment variable from which the build reads a parameter.</summary>
    /// <param name="parameter">The parameter's name, in Pascal case.</param>
    public static string VariableOf(string parameter) => "NUKE_" + new Input(parameter, "").Joined('_').ToUpperInvariant();

    private string Joined(char separator) =>
        string.Concat(Name.Select((letter, at) => at > 0 && char.IsAsciiLetterUpper(letter) ? $"{separator}{letter}" : $"{letter}"));
}
