using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Releases.Registries;

/// <summary>
/// The credentials that <c>docker login</c> stored: in <c>config.json</c> itself (<c>auths</c>), or with a credential helper
/// (<c>credHelpers</c> for one registry, else <c>credsStore</c>), by the protocol of docker-credential-helpers: <c>docker-credential-NAME get</c>
/// reads the registry's name and prints <c>{"Username","Secret"}</c>.
/// </summary>
/// <param name="configPath">The file; <see cref="DefaultPath"/> is Docker's own.</param>
/// <param name="shell">Runs the helper.</param>
public sealed partial class DockerCredentials(string configPath, Shell shell) : ICredentialSource
{
    // The name under which Docker has stored Docker Hub's credentials since version 1 of its registry.
    private const string HubKey = "https://index.docker.io/v1/";
    private static readonly TimeSpan HelperTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Docker's own file: in <c>DOCKER_CONFIG</c>, else in <c>~/.docker</c>.</summary>
    public static string DefaultPath => Path.Combine(
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker"),
        "config.json");

    /// <inheritdoc/>
    public async Task<CredentialAnswer> FindAsync(string registry, CancellationToken cancellation)
    {
        var key = registry == ImageReference.DockerHub ? HubKey : registry;
        JsonDocument config;
        try
        {
            config = JsonDocument.Parse(await File.ReadAllTextAsync(configPath, cancellation));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new CredentialAnswer(null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CredentialAnswer(null, $"{configPath} could not be read: {exception.Message}");
        }
        catch (JsonException)
        {
            return new CredentialAnswer(null, $"{configPath} is not JSON");
        }
        using (config)
        {
            return HelperFor(key, config.RootElement) is { } helper
                ? await AskAsync(helper, key, cancellation)
                : Stored(key, config.RootElement);
        }
    }

    private static string? HelperFor(string key, JsonElement config) =>
        config.Member("credHelpers")?.Members().FirstOrDefault(one => SameRegistry(one.Name, key)).Value.Text() is { Length: > 0 } own
            ? own
            : config.Member("credsStore")?.Text() is { Length: > 0 } store ? store : null;

    private CredentialAnswer Stored(string key, JsonElement config)
    {
        var entry = config.Member("auths")?.Members().FirstOrDefault(one => SameRegistry(one.Name, key)).Value;
        if (entry is not { ValueKind: JsonValueKind.Object } found)
            return new CredentialAnswer(null);
        if (found.Member("registrytoken")?.Text() is { Length: > 0 } bearer)
            return new CredentialAnswer(Credential.Bearer(bearer));
        if (found.Member("identitytoken")?.Text() is { Length: > 0 } identity)
            return new CredentialAnswer(Credential.Identity(identity));
        if (found.Member("username")?.Text() is { Length: > 0 } user && found.Member("password")?.Text() is { } password)
            return new CredentialAnswer(Credential.Password(user, password));
        if (found.Member("auth")?.Text() is not { Length: > 0 } encoded)
            return new CredentialAnswer(null);
        var decoded = new byte[encoded.Length];
        var pair = Convert.TryFromBase64String(encoded, decoded, out var length) ? Encoding.UTF8.GetString(decoded, 0, length).TrimEnd('\0') : "";
        var colon = pair.IndexOf(':');
        return colon > 0
            ? new CredentialAnswer(Credential.Password(pair[..colon], pair[(colon + 1)..]))
            : new CredentialAnswer(null, $"the entry for {Untrusted.Quote(key)} in {configPath} is not user and password in base64");
    }

    private async Task<CredentialAnswer> AskAsync(string helper, string key, CancellationToken cancellation)
    {
        if (!HelperName().IsMatch(helper))
            return new CredentialAnswer(null, $"{configPath} names no usable credential helper: {Untrusted.Quote(helper)}");
        var command = new Command($"docker-credential-{helper}", "get").WithInput(key);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(HelperTimeout);
        try
        {
            var result = await shell.TryAsync(command, limit.Token);
            // "Not found" is an ordinary answer of a helper. What it printed is never shown: it may hold the secret.
            return result.Succeeded ? Read(result.Output, command.File) : new CredentialAnswer(null, Refusal(command.File, result));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new CredentialAnswer(null, $"{command.File} gave no answer in {HelperTimeout.TotalSeconds:0} s");
        }
        catch (Exception exception) when (exception is RunbookException or IOException)
        {
            return new CredentialAnswer(null, $"{command.File} could not be run, though {configPath} names it");
        }
    }

    private static string? Refusal(string file, CommandResult result) =>
        (result.Output + result.Error).Contains("not found", StringComparison.OrdinalIgnoreCase) ? null : $"{file} ended with {result.ExitCode}";

    private static CredentialAnswer Read(string output, string file)
    {
        try
        {
            using var answer = JsonDocument.Parse(output);
            if (answer.RootElement.Member("Username")?.Text() is { } user && answer.RootElement.Member("Secret")?.Text() is { Length: > 0 } secret)
                return new CredentialAnswer(user == "<token>" ? Credential.Identity(secret) : Credential.Password(user, secret));
        }
        catch (JsonException)
        {
            // Said below, without the output.
        }
        return new CredentialAnswer(null, $"{file} gave no JSON with Username and Secret");
    }

    // Docker accepts a registry's key as a host, or as an address with scheme and path.
    private static bool SameRegistry(string one, string other) => string.Equals(HostOf(one), HostOf(other), StringComparison.OrdinalIgnoreCase);

    private static string HostOf(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? key : key[(scheme + 3)..];
        var slash = rest.IndexOf('/');
        return slash < 0 ? rest : rest[..slash];
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9._-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex HelperName();
}
