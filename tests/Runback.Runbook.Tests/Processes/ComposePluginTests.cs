using Runback.Runbook.Processes;

namespace Runback.Runbook.Tests.Processes;

/// <summary>Compose is run without the detour only where it is certain what <c>docker compose</c> would run.</summary>
public sealed class ComposePluginTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-plugin-").FullName;
    private readonly Dictionary<string, string?> _environment = [];

    public ComposePluginTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "plugins are looked for on Linux alone");
        _environment["PATH"] = $"{_folder}/none:{_folder}/bin";
        _environment["HOME"] = $"{_folder}/home";
        Put("bin/docker", File.ReadAllBytes("/bin/true"));
        Put("home/.docker/cli-plugins/docker-compose", "#!/bin/sh\n"u8.ToArray());
    }

    private string? Found => ComposePlugin.Find(_environment.GetValueOrDefault);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_user_s_own_plugin_is_the_one_that_docker_would_run()
    {
        Assert.Equal($"{_folder}/home/.docker/cli-plugins/docker-compose", Found);
        _environment["DOCKER_CONFIG"] = $"{_folder}/other";
        Put("other/cli-plugins/docker-compose", "#!/bin/sh\n"u8.ToArray());
        Assert.Equal($"{_folder}/other/cli-plugins/docker-compose", Found);
    }

    [Fact]
    public void A_script_called_docker_does_what_it_wants()
    {
        Put("none/docker", "#!/bin/sh\nexec podman \"$@\"\n"u8.ToArray());
        Assert.Null(Found);
    }

    [Fact]
    public void Where_it_is_not_certain_docker_is_asked()
    {
        Put("home/.docker/config.json", "{\"cliPluginsExtraDirs\": [\"/opt/plugins\"]}"u8.ToArray());
        Assert.Null(Found);
        Put("home/.docker/config.json", "{}"u8.ToArray());
        Assert.NotNull(Found);
        // Docker's program finds it too, and complains of it.
        Put("home/.docker/cli-plugins/docker-compose", [], UnixFileMode.UserRead);
        Assert.Null(Found);
        File.Delete($"{_folder}/bin/docker");
        Assert.Null(Found);
        _environment.Clear();
        Assert.Null(Found);
    }

    [Fact]
    public void Only_compose_is_run_so_and_is_told_what_docker_tells_it()
    {
        var other = new Command("docker", "version");
        Assert.Same(other, ComposePlugin.Direct(other));
        var compose = new Command("docker", "compose", "version", "--short").WithSecret("TOKEN", "x");
        var direct = ComposePlugin.Direct(compose);
        Assert.Equal((compose.Arguments, compose.SecretEnvironment), (direct.Arguments, direct.SecretEnvironment));
        Assert.Equal(direct.File == "docker", direct.Environment.Count == 0);
    }

    private void Put(string name, byte[] bytes, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserExecute)
    {
        var file = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        File.WriteAllBytes(file, bytes);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, mode);
    }
}
