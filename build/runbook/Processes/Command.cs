using System.Text;

namespace Runback.Runbook.Processes;

/// <summary>
/// What to run, as a value: a file, an argument list and what surrounds them. Running it is <see cref="Shell"/>'s work.
/// There is never a shell in between, so no argument needs quoting; <see cref="ToString"/> quotes only for people.
/// </summary>
/// <param name="File">The executable, looked up on PATH.</param>
/// <param name="Arguments">The arguments, one each. Never a secret: argument lists are visible to every process of the host.</param>
public sealed record Command(string File, params IReadOnlyList<string> Arguments)
{
    /// <summary>Environment variables set for the command, shown in its printed form.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Environment variables set for the command whose values are never shown.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> SecretEnvironment { get; init; } = [];

    /// <summary>Environment variables of this process that the command must not see.</summary>
    public IReadOnlyList<string> Unset { get; init; } = [];

    /// <summary>The working directory, or null for this process's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Text written to the command's standard input, which is then closed; null closes it at once.</summary>
    public string? Input { get; init; }

    /// <summary>Whether it is meant to wait, for as long as it takes, so that an engine's silence doesn't end it.</summary>
    public bool MayWait { get; init; }

    /// <summary>How it is run when not as a process of this host; null for a process.</summary>
    internal ICommandWay? Way { get; init; }

    /// <summary>Adds arguments at the end.</summary>
    public Command With(params IEnumerable<string> arguments) => this with { Arguments = [.. Arguments, .. arguments] };

    /// <summary>Adds an environment variable whose value may be shown.</summary>
    public Command WithEnvironment(string name, string value) => this with { Environment = [.. Environment, new(name, value)] };

    /// <summary>Adds an environment variable whose value is never shown. A null or empty value adds nothing.</summary>
    public Command WithSecret(string name, string? value) =>
        string.IsNullOrEmpty(value) ? this : this with { SecretEnvironment = [.. SecretEnvironment, new(name, value)] };

    /// <summary>Sets the text for standard input.</summary>
    public Command WithInput(string input) => this with { Input = input };

    /// <summary>The line that a person could paste into a POSIX shell to do the same.</summary>
    public override string ToString()
    {
        var line = new StringBuilder();
        if (Unset.Count > 0)
            line.Append("env ").AppendJoin(' ', Unset.Select(name => $"-u {Quote(name)}")).Append(' ');
        foreach (var (name, value) in Environment)
            line.Append(name).Append('=').Append(Quote(value)).Append(' ');
        line.Append(Quote(File));
        foreach (var argument in Arguments)
            line.Append(' ').Append(Quote(argument));
        if (Input is { } input)
        {
            var end = End(input);
            line.Append($" <<'{end}'\n").Append(input.TrimEnd('\n')).Append('\n').Append(end);
        }
        return line.ToString();
    }

    // A line of the input that is the delimiter would end it, and what follows would be run.
    private static string End(string input)
    {
        var lines = input.Split('\n').ToHashSet(StringComparer.Ordinal);
        var end = "EOF";
        for (var number = 1; lines.Contains(end); number++)
            end = $"EOF{number}";
        return end;
    }

    /// <summary>Quotes one word for a POSIX shell (IEEE Std 1003.1, Shell Command Language, 2.2.2), leaving plain words as they are.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(IsPlain) ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c, StringComparison.Ordinal);
}
