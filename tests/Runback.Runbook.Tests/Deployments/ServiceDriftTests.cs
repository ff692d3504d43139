using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;

namespace Runback.Runbook.Tests.Deployments;

public sealed class ServiceDriftTests
{
    private const string Tag = "v2";

    private static readonly Image Made = new("sha256:image", [], [], DateTimeOffset.UnixEpoch, "/app", new Dictionary<string, string>())
    {
        Environment = ["PATH=/usr/bin", "LANG=C.UTF-8"],
        Command = ["python", "-m", "app"],
        Volumes = ["/cache"],
        User = "app",
    };

    private static readonly ContainerSettings Settings = new()
    {
        Mounts = [new("volume", "cleaning_uploads", "/srv/uploads"), new("bind", "/srv/cleaning/conf", "/etc/conf"), new("volume", "0af3", "/cache"), new("bind", "/run/x", "/run/secrets/key")],
        Memory = 400 * 1024 * 1024,
        NanoCpus = 1_500_000_000,
        Ports = ["127.0.0.1:8000->8000/tcp"],
        Networks = ["cleaning_default"],
        User = "app",
        Command = ["python", "-m", "app"],
    };

    private const string Service = """
        "image": "localhost:5000/cleaning/app:v2", "environment": {"MODE": "on", "RELEASE": "app-v2"}, "mem_limit": "419430400", "cpus": 1.5,
        "volumes": [{"type": "volume", "source": "uploads", "target": "/srv/uploads"}, {"type": "bind", "source": "/srv/cleaning/conf", "target": "/etc/conf"}],
        "secrets": [{"source": "key"}], "ports": [{"mode": "ingress", "host_ip": "127.0.0.1", "target": 8000, "published": "8000", "protocol": "tcp"}], "networks": {"default": null}
        """;

    [Fact]
    public void A_service_that_only_gets_another_release_doesn_t_drift()
    {
        Assert.Empty(Drift(Service));
        Assert.Empty(Drift(Service, pin: "v3@sha256:0b", change: text => text.Replace("app-v2", "app-v3@sha256:0b", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\"MODE\": \"on\"", "\"MODE\": \"off\"", "the variable MODE gets another value")]
    [InlineData("\"MODE\": \"on\", ", "", "the variable MODE goes")]
    [InlineData("\"MODE\": \"on\"", "\"MODE\": \"on\", \"LANG\": \"de\"", "the variable LANG gets another value")]
    [InlineData("\"MODE\": \"on\"", "\"MODE\": \"on\", \"DEBUG\": \"1\"", "a variable DEBUG comes")]
    [InlineData("\"mem_limit\": \"419430400\", ", "", "the memory limit changes from 400 MiB to none")]
    [InlineData("\"mem_limit\": \"419430400\"", "\"deploy\": {\"resources\": {\"limits\": {\"memory\": \"209715200\"}}}", "the memory limit changes from 400 MiB to 200 MiB")]
    [InlineData("\"cpus\": 1.5", "\"cpus\": 0.5", "the limit of processors changes from 1.5 to 0.5")]
    [InlineData("{\"type\": \"volume\", \"source\": \"uploads\", \"target\": \"/srv/uploads\"}, ", "", "the mount at /srv/uploads goes")]
    [InlineData("\"source\": \"uploads\"", "\"source\": \"others\"", "the mount at /srv/uploads gets another source (others, now cleaning_uploads)")]
    [InlineData("\"source\": \"uploads\"", "\"source\": \"loads\"", "the mount at /srv/uploads gets another source (loads, now cleaning_uploads)")]
    [InlineData("\"source\": \"/srv/cleaning/conf\"", "\"source\": \"/srv/other/conf\"", "the mount at /etc/conf gets another source (/srv/other/conf, now /srv/cleaning/conf)")]
    [InlineData("\"volumes\": [", "\"volumes\": [{\"type\": \"volume\", \"target\": \"/data\"}, ", "a mount at /data comes")]
    [InlineData("\"secrets\": [{\"source\": \"key\"}], ", "", "the mount at /run/secrets/key goes")]
    [InlineData("\"published\": \"8000\"", "\"published\": \"8001\"", "the published port 127.0.0.1:8000->8000/tcp goes", "a published port 127.0.0.1:8001->8000/tcp comes")]
    [InlineData("\"host_ip\": \"127.0.0.1\", ", "", "the published port 127.0.0.1:8000->8000/tcp goes", "a published port 0.0.0.0:8000->8000/tcp comes")]
    [InlineData("{\"default\": null}", "{\"default\": null, \"inner\": null}", "a network backend comes")]
    [InlineData("{\"default\": null}", "{}", "the network cleaning_default goes")]
    [InlineData("\"cpus\": 1.5", "\"cpus\": 1.5, \"user\": \"root\"", "the user changes from app to root")]
    [InlineData("\"cpus\": 1.5", "\"cpus\": 1.5, \"command\": [\"python\", \"-m\", \"other\"]", "the command changes")]
    [InlineData("\"cpus\": 1.5", "\"cpus\": 1.5, \"entrypoint\": [\"/init\"]", "the entrypoint changes", "the command changes")]
    public void What_would_change_beside_the_release_is_named(string before, string after, params string[] expected) =>
        Assert.Equal(expected, Drift(Service, change: text => text.Replace(before, after, StringComparison.Ordinal)));

    [Fact]
    public void No_value_of_the_environment_is_told() =>
        Assert.DoesNotContain(Drift(Service, change: text => text.Replace("\"on\"", "\"hunter2\"", StringComparison.Ordinal)), line => line.Contains("hunter2", StringComparison.Ordinal));

    [Fact]
    public void What_docker_s_client_adds_and_ports_that_the_engine_chooses_are_no_drift() => Assert.Empty(Drift(
        Service, change: text => text.Replace("\"published\": \"8000\"", "\"published\": \"0\"", StringComparison.Ordinal), environment: ["http_proxy=http://proxy", "NO_PROXY=localhost"]));

    [Fact]
    public void Mounts_of_another_service_are_not_compared_nor_is_a_folder_reached_by_a_link_another_one()
    {
        Assert.Empty(Drift(Service, change: text => text.Replace("\"secrets\": [{\"source\": \"key\"}]", "\"volumes_from\": [\"db\"]", StringComparison.Ordinal)));
        var folder = Directory.CreateTempSubdirectory("runback-drift-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "releases", "42", "conf"));
            Directory.CreateSymbolicLink(Path.Combine(folder, "current"), Path.Combine(folder, "releases", "42"));
            var settings = Settings with { Mounts = [.. Settings.Mounts.Where(mount => mount.Target != "/etc/conf"), new("bind", Path.Combine(folder, "releases", "42", "conf"), "/etc/conf")] };
            Assert.Empty(Drift(Service, change: text => text.Replace("/srv/cleaning/conf", Path.Combine(folder, "current", "conf"), StringComparison.Ordinal), settings: settings));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("/srv/cleaning/docker-compose.yml", "")]
    [InlineData("/srv/cleaning/docker-compose.yml,/srv/cleaning/docker-compose.override.yml", "/srv/cleaning/docker-compose.override.yml")]
    [InlineData("/srv/cleaning/docker-compose.yml,/srv/cleaning/docker-compose.runback.yml", "")]
    [InlineData("/srv/cleaning/docker-compose.yml,/etc/shared/docker-compose.yml", "/etc/shared/docker-compose.yml")]
    [InlineData("/elsewhere/docker-compose.yml", "")]
    [InlineData("/elsewhere/docker-compose.yml,/elsewhere/docker-compose.prod.yml", "/elsewhere/docker-compose.prod.yml")]
    [InlineData("", "")]
    public void A_compose_file_that_the_profile_does_not_name_is_named(string made, string expected)
    {
        var container = Observed.Service("api", Tag).Container! with { Labels = new Dictionary<string, string> { ["com.docker.compose.project.config_files"] = made } };
        Assert.Equal(expected, string.Join(',', new ServiceDrift(Observed.Deployment(), Project(Service)).UnnamedFiles(container)));
    }

    private static IReadOnlyList<string> Drift(string service, string pin = Tag, Func<string, string>? change = null, string[]? environment = null, ContainerSettings? settings = null)
    {
        var state = Observed.Service("api", Tag);
        state = state with { Image = Made, Container = state.Container! with { Settings = settings ?? Settings, Environment = ["PATH=/usr/bin", "LANG=C.UTF-8", "MODE=on", "RELEASE=app-v2", "IMAGE_TAG=v1", .. environment ?? []] } };
        return new ServiceDrift(Observed.Deployment(), Project(change is null ? service : change(service))).Of(state, pin);
    }

    private static ComposeProject Project(string service) => ComposeProject.Parse($$$"""
        {"name": "cleaning", "services": {"api": { {{{service}}} } }, "volumes": {"uploads": {"name": "cleaning_uploads"}},
         "networks": {"default": {"name": "cleaning_default"}, "inner": {"name": "backend"} } }
        """);
}
