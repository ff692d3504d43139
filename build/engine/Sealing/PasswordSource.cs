using System.Security.Cryptography;
using System.Text;
using Runback.Engine.Running;

namespace Runback.Engine.Sealing;

/// <summary>Where the password of a parameters file comes from: the environment, as NUKE names the variable, or a person at the terminal.</summary>
internal sealed class PasswordSource(ProcessHost host)
{
    private readonly Dictionary<string, byte[]> known = [];

    /// <summary>The variables that may hold it, the one that wins first: <c>PARAMS_PRODUCTION_KEY</c>, then <c>PARAMS_KEY</c>, each also with <c>NUKE_</c> before it.</summary>
    /// <param name="profile">Empty for <c>.nuke/parameters.json</c>.</param>
    public static IReadOnlyList<string> Variables(string profile)
    {
        var name = string.Concat(profile.Select(x => char.IsAsciiLetterOrDigit(x) ? char.ToUpperInvariant(x) : '_'));
        return [.. name.Length > 0 ? (IEnumerable<string>)[$"NUKE_PARAMS_{name}_KEY", $"PARAMS_{name}_KEY"] : [], "NUKE_PARAMS_KEY", "PARAMS_KEY"];
    }

    /// <summary>The one that errors and help name.</summary>
    public static string Variable(string profile) => Variables(profile)[profile.Length > 0 ? 1 : ^1];

    /// <summary>The password of a file. What came from the environment is taken out of it, so that no program that is started later has it.</summary>
    /// <param name="label">The file, for the question.</param>
    /// <exception cref="UsageException">There is none, and nobody to ask.</exception>
    public byte[] Of(string profile, string label)
    {
        if (FromEnvironment(profile) is { } found)
            return found;
        if (!known.TryGetValue(profile, out var password))
        {
            password = Ask($"Password of {label} (not shown): ", profile, label);
            known[profile] = password;
        }

        return password;
    }

    /// <summary>A password for a file that has none yet: typed twice where a person types it.</summary>
    /// <inheritdoc cref="Of"/>
    public byte[] New(string profile, string label)
    {
        const int Shortest = 12;
        var password = FromEnvironment(profile);
        if (password is null)
        {
            password = Ask($"New password for {label} (not shown): ", profile, label);
            var again = host.Terminal!.Hidden("The same again: ");
            var same = CryptographicOperations.FixedTimeEquals(password, again);
            CryptographicOperations.ZeroMemory(again);
            if (!same)
                throw new UsageException("The two passwords are not the same.", "start again");
            known[profile] = password;
        }

        return Encoding.UTF8.GetCharCount(password) >= Shortest
            ? password
            : throw new UsageException($"A password of at least {Shortest} characters is expected: the file may be read by many.", "take a few words, or what a password manager makes");
    }

    /// <summary>Overwrites what it holds.</summary>
    public void Forget()
    {
        foreach (var password in known.Values)
            CryptographicOperations.ZeroMemory(password);
        known.Clear();
    }

    private byte[]? FromEnvironment(string profile)
    {
        foreach (var name in Variables(profile))
        {
            if (known.TryGetValue("$" + name, out var password))
                return password;
            if (host.Environment(name) is not { Length: > 0 } text)
                continue;
            host.Forget(name);
            return known["$" + name] = Encoding.UTF8.GetBytes(text);
        }

        return null;
    }

    private byte[] Ask(string question, string profile, string label)
    {
        if (host.Terminal is not { } terminal)
        {
            throw new UsageException($"{label} has encrypted values, and there is neither a password in the environment nor a terminal to ask for it.",
                $"put the password into {Variable(profile)}{(profile.Length > 0 ? $" (or {Variable("")} for all files)" : "")}");
        }

        var typed = terminal.Hidden(question);
        return typed.Length > 0 ? typed : throw new UsageException("No password was given.", $"type it, or put it into {Variable(profile)}");
    }
}
