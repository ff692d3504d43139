using System.Text;
using Runback.Runbook.Processes;
using Runback.Runbook.Releases.Registries;

namespace Runback.Runbook.Tests.Releases;

public sealed class DockerCredentialsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-credentials-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory(Timeout = 120_000)]
    [InlineData("registry.example.com:5000", "registry.example.com:5000")]
    [InlineData("https://registry.example.com:5000/v2/", "registry.example.com:5000")]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    public async Task What_docker_login_stored_is_found(string key, string registry)
    {
        var answer = await FindAsync($$$$"""{"auths":{"{{{{key}}}}":{"auth":"{{{{Base64("bob:pa:ss")}}}}"}}}""", registry);
        Assert.Equal((CredentialKind.Password, "bob", "pa:ss"), (answer.Credential!.Kind, answer.Credential.User, answer.Credential.Secret));
        Assert.DoesNotContain("pa:ss", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Tokens_are_told_from_passwords()
    {
        var identity = await FindAsync($$$$"""{"auths":{"r.example":{"auth":"{{{{Base64("00000000-0000-0000-0000-000000000000:")}}}}","identitytoken":"refresh"}}}""", "r.example");
        Assert.Equal((CredentialKind.Identity, "refresh"), (identity.Credential!.Kind, identity.Credential.Secret));
        var bearer = await FindAsync("""{"auths":{"r.example":{"registrytoken":"direct"}}}""", "r.example");
        Assert.Equal((CredentialKind.Bearer, "direct"), (bearer.Credential!.Kind, bearer.Credential.Secret));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    [InlineData("{\"auths\":{\"other.example\":{\"auth\":\"Ym9iOng=\"}}}", null)]
    [InlineData("{\"auths\":{\"r.example\":{}}}", null)]
    [InlineData("{\"auths\":{\"r.example\":{\"auth\":\"!!!\"}}}", "base64")]
    [InlineData("{\"auths\":{\"r.example\":{\"auth\":\"Ym9i\"}}}", "base64")]
    [InlineData("{auths", "not JSON")]
    [InlineData("{\"credsStore\":\"../../bin/sh\"}", "no usable credential helper")]
    [InlineData("{\"credsStore\":\"runback-is-not-installed\"}", "could not be run")]
    public async Task Without_a_credential_the_reason_is_said_where_there_is_one(string config, string? problem)
    {
        var answer = await FindAsync(config, "r.example");
        Assert.Null(answer.Credential);
        if (problem is null)
            Assert.Null(answer.Problem);
        else
            Assert.Contains(problem, answer.Problem, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_a_file_there_is_no_credential() =>
        Assert.Equal(new CredentialAnswer(null), await new DockerCredentials(Path.Combine(_folder, "none", "config.json"), Shell.Quiet).FindAsync("r.example", Stop));

    [Theory(Timeout = 120_000)]
    [InlineData("echo '{\"ServerURL\":\"'$key'\",\"Username\":\"bob\",\"Secret\":\"of-'$key'\"}'", CredentialKind.Password, "of-r.example", null)]
    [InlineData("echo '{\"Username\":\"<token>\",\"Secret\":\"refresh\"}'", CredentialKind.Identity, "refresh", null)]
    [InlineData("echo 'credentials not found in native keychain'; exit 1", null, null, null)]
    [InlineData("echo 'locked: hunter2' >&2; exit 1", null, null, "ended with 1")]
    [InlineData("echo 'hunter2'", null, null, "no JSON")]
    public async Task A_credential_helper_is_asked(string script, CredentialKind? kind, string? secret, string? problem)
    {
        if (OperatingSystem.IsWindows())
            return;
        // The helper is found on PATH; a name of its own keeps this process's other tests out of its way.
        var name = $"runback-{Guid.NewGuid():N}";
        var helper = Path.Combine(_folder, $"docker-credential-{name}");
        await File.WriteAllTextAsync(helper, $"#!/bin/sh\nread -r key\n[ \"$1\" = get ] || exit 9\n{script}\n", Stop);
        File.SetUnixFileMode(helper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{Environment.GetEnvironmentVariable("PATH")}:{_folder}");

        var answer = await FindAsync($$$$"""{"credsStore":"wrong-one","credHelpers":{"r.example":"{{{{name}}}}"}}""", "r.example");
        Assert.Equal((kind, secret), (answer.Credential?.Kind, answer.Credential?.Secret));
        if (problem is null)
            Assert.Null(answer.Problem);
        else
            Assert.Contains(problem, answer.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", $"{answer}", StringComparison.Ordinal);
    }

    private async Task<CredentialAnswer> FindAsync(string config, string registry)
    {
        var path = Path.Combine(_folder, "config.json");
        await File.WriteAllTextAsync(path, config, Stop);
        return await new DockerCredentials(path, Shell.Quiet).FindAsync(registry, Stop);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
