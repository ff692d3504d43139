using Runback.Engine.Binding;

namespace Runback.Engine.Shell;

/// <summary>Answers the shells' question what could stand at the end of a command line.</summary>
internal static class Completer
{
    /// <summary>The words that fit, in the order people read them.</summary>
    /// <param name="words">What stands behind the program's name, up to the cursor; the last one is unfinished, or empty.</param>
    /// <param name="root">Where the profiles are; null where that is unknown.</param>
    public static IReadOnlyList<string> Candidates(IReadOnlyList<string> words, ParameterCatalog parameters, IReadOnlyList<string> targets, string? root)
    {
        var (before, word, attached) = Joined(words);
        if (before is [":secrets", ..])
        {
            return Fitting([.. root is not null && before.Count == 1 ? ParameterFile.ProfilesIn(root) : [],
                .. parameters.All.Where(x => x.IsSecret).Select(x => x.Name), "--list", "--remove"], word);
        }

        if (before.Count == 0 && word.StartsWith(':'))
            return Fitting([":secrets"], word);
        if (attached is { } option)
            return Fitting(ValuesOf(FindOption(option, parameters), targets, root), word);
        if (word.StartsWith('-') && word.Split('=', 2) is [var name, var value])
            return [.. Fitting(ValuesOf(FindOption(name, parameters), targets, root), value).Select(x => $"{name}={x}")];
        if (word.StartsWith('-'))
            return Fitting(parameters.Options.Where(x => x.Listed).Select(x => x.Kebab), "--" + word.TrimStart('-'));

        if (before.Count > 0 && before[^1].StartsWith('-') && FindOption(before[^1], parameters) is { } last)
        {
            if (last.Name == "Help")
                return Fitting(["all", .. targets, .. parameters.All.Where(x => x.Option.Listed).Select(x => x.Option.Kebab[2..])], word);
            if (last.Kind != OptionKind.Flag)
                return Fitting(ValuesOf(last, targets, root), word);
        }

        return word.Length == 0
            ? [.. targets, .. parameters.Options.Where(x => x.Listed && !before.Contains(x.Kebab)).Select(x => x.Kebab)]
            : Fitting(targets, word);
    }

    /// <summary>Puts <c>--name</c>, <c>=</c>, <c>value</c> together, which bash hands over as three words.</summary>
    private static (IReadOnlyList<string> Before, string Word, string? Attached) Joined(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            return ([], "", null);
        if (words.Count >= 2 && words[^1] == "=" && words[^2].StartsWith('-'))
            return ([.. words.SkipLast(2)], "", words[^2]);
        if (words.Count >= 3 && words[^2] == "=" && words[^3].StartsWith('-'))
            return ([.. words.SkipLast(3)], words[^1], words[^3]);
        return ([.. words.SkipLast(1)], words[^1], null);
    }

    private static Option? FindOption(string word, ParameterCatalog parameters) =>
        parameters.Options.FirstOrDefault(x => Naming.Plain(x.Name) == Naming.Plain(word));

    private static IEnumerable<string> ValuesOf(Option? option, IReadOnlyList<string> targets, string? root) =>
        option is null ? []
        : option.TakesTargets ? targets
        : option == BuiltInOptions.Profile && root is not null ? ParameterFile.ProfilesIn(root)
        : option.Allowed;

    private static List<string> Fitting(IEnumerable<string> candidates, string word) =>
        [.. candidates.Where(x => x.StartsWith(word, StringComparison.OrdinalIgnoreCase))];
}
