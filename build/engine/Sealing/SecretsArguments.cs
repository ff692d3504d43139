using Runback.Engine.Binding;

namespace Runback.Engine.Sealing;

/// <summary>What <c>:secrets</c> is asked to do. No error repeats a word that wasn't understood: it may be the secret itself.</summary>
/// <param name="Profile">Empty for <c>.nuke/parameters.json</c>.</param>
/// <param name="Parameter">The one to set or remove; null when none is named.</param>
internal sealed record SecretsArguments(string? Root, string Profile, Parameter? Parameter, bool Remove, bool List, bool Help)
{
    /// <summary>Reads the words behind <c>:secrets</c>.</summary>
    /// <param name="profilesOf">The profiles of a root, the given one or the usual.</param>
    /// <exception cref="UsageException">A word is neither a profile nor a secret parameter, or there is one too many.</exception>
    public static SecretsArguments Parse(IReadOnlyList<string> arguments, ParameterCatalog parameters, Func<string?, IReadOnlyList<string>> profilesOf)
    {
        var words = new List<string>();
        string? root = null;
        bool remove = false, list = false, help = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--remove": remove = true; break;
                case "--list": list = true; break;
                case "--help" or "-h": help = true; break;
                case "--root" when i + 1 < arguments.Count: root = arguments[++i]; break;
                case "--profile" when i + 1 < arguments.Count: words.Insert(0, arguments[++i]); break;
                case ['-', ..]: throw new UsageException(":secrets has no such option.", "options: --list, --remove, --help");
                default: words.Add(arguments[i]); break;
            }
        }

        var secrets = parameters.All.Where(x => x.IsSecret).ToList();
        Parameter? Secret(string word) => secrets.Find(x => Naming.Plain(x.Name) == Naming.Plain(word.TrimStart('-')));
        var (profile, parameter) = ("", (Parameter?)null);
        if (help)
            return new SecretsArguments(root, profile, parameter, remove, list, help);
        var profiles = profilesOf(root);
        foreach (var (word, index) in words.Select((x, i) => (x, i)))
        {
            if (index == 0 && profiles.Contains(word))
                profile = word;
            else if (parameter is null && Secret(word) is { } found)
                parameter = found;
            else if (parameter is not null)
                throw new UsageException("A value on the command line can be read by every user of this machine, and stays in the shell's history: it is not taken.", "leave it out, and type it when asked, or give it on standard input");
            else
                throw new UsageException("A word of this call is neither a profile nor a secret parameter.", $"profiles: {Listed(profiles)}; secret parameters: {Listed(secrets.Select(x => x.Name))}");
        }

        if (remove && parameter is null)
            throw new UsageException("--remove needs the name of a secret parameter.", $"secret parameters: {Listed(secrets.Select(x => x.Name))}");
        return new SecretsArguments(root, profile, parameter, remove, list, help);
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("none"));
}
