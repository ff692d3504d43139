using System.Security.Cryptography;
using System.Text;
using Runback.Engine.Binding;
using Runback.Engine.Running;

namespace Runback.Engine.Sealing;

/// <summary><c>./build.sh :secrets [profile] [NAME]</c>: sets, lists and removes encrypted values. Never shows one, and takes none from the command line.</summary>
internal sealed class SecretsCommand(ProcessHost host, ParameterCatalog parameters, Action<string> print)
{
    private const string Usage = """
        Usage: ./build.sh :secrets [profile]                   shows the secret parameters, and asks at a terminal for values
               ./build.sh :secrets [profile] NAME              sets one: typed unseen, or from standard input, or from its variable
               ./build.sh :secrets [profile] NAME --remove     takes one out
               ./build.sh :secrets [profile] --list            shows which there are
        Values are encrypted in .nuke/parameters.PROFILE.json, or .nuke/parameters.json without a profile. The password comes from
        PARAMS_PROFILE_KEY, else PARAMS_KEY, else the terminal.
        """;

    private readonly PasswordSource passwords = new(host);

    /// <summary>Does it.</summary>
    /// <exception cref="UsageException">The call is wrong, the password is, or the file can't be read or written; nothing has changed then.</exception>
    public void Run(IReadOnlyList<string> words)
    {
        string Root(string? given) => RootDirectoryFinder.Find(given, host.CurrentDirectory, host.Environment);
        var arguments = SecretsArguments.Parse(words, parameters, root => ParameterFile.ProfilesIn(Root(root)));
        if (arguments.Help)
        {
            print(Usage);
            return;
        }

        var file = new SecretsFile(Root(arguments.Root), arguments.Profile, parameters);
        try
        {
            if (arguments.List || (arguments.Parameter is null && host.Terminal is null))
                List(file);
            else if (arguments.Remove)
                Remove(file, arguments.Parameter!);
            else if (arguments.Parameter is { } parameter)
                Set(file, parameter);
            else
                AskForAll(file, host.Terminal!);
        }
        finally
        {
            passwords.Forget();
        }
    }

    private void List(SecretsFile file)
    {
        var secrets = parameters.All.Where(x => x.IsSecret).ToList();
        print($"Secret parameters in {file.Label}");
        foreach (var parameter in secrets)
            print($"  {parameter.Name.PadRight(secrets.Max(x => x.Name.Length))}  {(file.Of(parameter) is not null ? "encrypted" : file.Has(parameter) ? "IN PLAIN TEXT" : "-")}");
    }

    private void Remove(SecretsFile file, Parameter parameter) =>
        print(file.Remove(parameter) ? $"{parameter.Name} is gone from {file.Label}" : $"{parameter.Name} is not in {file.Label}");

    private void AskForAll(SecretsFile file, ITerminal terminal)
    {
        while (true)
        {
            List(file);
            if (terminal.Line("Parameter to set (empty: done): ") is not { Length: > 0 } name)
                return;
            if (parameters.Find(name) is { IsSecret: true } parameter)
                Set(file, parameter);
            else
                print("There is no secret parameter of that name.");
        }
    }

    private void Set(SecretsFile file, Parameter parameter)
    {
        var password = PasswordOf(file);
        var values = host.Terminal is { } terminal ? Typed(parameter, terminal) : Given(parameter);
        try
        {
            ValueConverter.FromText(parameter, [.. values.Select(x => Encoding.UTF8.GetString(x))], parameter.Name, host.CurrentDirectory, []);
            file.Set(parameter, [.. values.Select(x => Sealer.Seal(x, password, new SealContext(file.Profile, parameter.Name)))]);
        }
        finally
        {
            values.ForEach(x => CryptographicOperations.ZeroMemory(x));
        }

        print($"{parameter.Name} is encrypted in {file.Label}");
    }

    /// <summary>A file has one password: a further value needs that of the values in it.</summary>
    private byte[] PasswordOf(SecretsFile file)
    {
        if (file.Sealed is not { Count: > 0 } present)
            return passwords.New(file.Profile, file.Label);
        var password = passwords.Of(file.Profile, file.Label);
        UsageException? wrong = null;
        foreach (var value in present)
        {
            try
            {
                value.Open(password);
                return password;
            }
            catch (UsageException exception)
            {
                wrong ??= exception;
            }
        }

        throw new UsageException(wrong!.Message, $"check the password ({PasswordSource.Variable(file.Profile)}); if it is lost, take the values out (--remove) and set them with a new one");
    }

    private static List<byte[]> Typed(Parameter parameter, ITerminal terminal)
    {
        var values = new List<byte[]>();
        var question = $"Value of {parameter.Name} (not shown): ";
        for (var value = terminal.Hidden(question); value.Length > 0; value = terminal.Hidden(question))
        {
            values.Add(value);
            if (!parameter.IsList)
                break;
            question = "One more (empty: no more): ";
        }

        return values.Count > 0 ? values : throw Nothing(parameter, "type it");
    }

    /// <summary>From standard input, whole but for its last line feed (a line each for a list); else from the parameter's own variable.</summary>
    private List<byte[]> Given(Parameter parameter)
    {
        var text = host.Input() is { Length: > 0 } input ? input
            : Encoding.UTF8.GetBytes(parameter.EnvironmentNames.Select(host.Environment).FirstOrDefault(x => !string.IsNullOrEmpty(x)) ?? "");
        List<byte[]> values = [];
        var start = 0;
        for (var end = 0; end <= text.Length; end++)
        {
            if (end < text.Length && !(text[end] == '\n' && (parameter.IsList || end == text.Length - 1)))
                continue;
            var length = end > start && end < text.Length && text[end - 1] == '\r' ? end - start - 1 : end - start;
            if (length > 0)
                values.Add(text[start..(start + length)]);
            start = end + 1;
        }

        CryptographicOperations.ZeroMemory(text);
        return values.Count > 0 ? values : throw Nothing(parameter, $"give it on standard input, or in {parameter.EnvironmentNames[^1]}");
    }

    private static UsageException Nothing(Parameter parameter, string hint) => new($"No value was given for {parameter.Name}.", $"{hint}; --remove takes an old one out");
}
