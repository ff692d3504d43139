using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Tests.Deployments;

namespace Runback.Runbook.Tests.Rehearsals;

public sealed class ServiceContainerTests
{
    private const string Secret = "pa$ss/w0rd";

    private const string Project =
        """
        {"name": "shop", "services": {
          "db": {"image": "postgres:17", "container_name": "shop-pg", "hostname": "pg.internal", "networks": {"default": {"aliases": ["database"]}}},
          "api": {"image": "shop/app:v1", "entrypoint": ["/enter", "--quiet"], "command": ["serve", "$$PORT"], "user": "1000:1000", "working_dir": "/srv",
                  "tmpfs": ["/run/app"], "expose": ["8000", "9000/udp", "9001-9002/tcp"], "ports": [{"target": 80, "published": "8080", "protocol": "tcp"}],
                  "environment": {"DATABASE_URL": "postgresql+psycopg://app:pa$$ss%2Fw0rd@database:5432/shop", "API_KEY": "pa$$ss/w0rd", "EMPTY": "", "UNSET": null,
                                  "DOCKER_HOST": "tcp://in-the-container", "JOBS_TOKENS": "true"}},
          "bare": {"image": "shop/app:v1", "entrypoint": [], "ports": [{"target": 80, "protocol": "tcp"}]},
          "plain": {"image": "shop/app:v1", "command": null, "entrypoint": null}
        }}
        """;

    private static readonly ComposeProject Shop = ComposeProject.Parse(Project);

    [Fact]
    public void The_environment_is_the_service_s_own_with_empty_values_and_without_those_that_are_not_set()
    {
        var environment = Of("api").Describe("x").Env;
        Assert.Equal(
            [$"API_KEY={Secret}", "DATABASE_URL=postgresql+psycopg://app:pa$ss%2Fw0rd@database:5432/shop", "DOCKER_HOST=tcp://in-the-container", "EMPTY=", "JOBS_TOKENS=true"],
            environment.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Entrypoint_command_user_and_folder_are_the_service_s_own()
    {
        var api = Of("api").Describe("x");
        Assert.Equal(["/enter", "--quiet"], api.Entrypoint);
        Assert.Equal(["serve", "$PORT"], api.Cmd);
        Assert.Equal(("1000:1000", "/srv", "sha256:image"), (api.User, api.WorkingDir, api.Image));
        Assert.Equal("", api.HostConfig!.Tmpfs!["/run/app"]);
        // An empty entrypoint takes the image's own away (Docker Engine API, "Create a container"); none leaves it.
        Assert.Equal([""], Of("bare").Describe("x").Entrypoint);
        Assert.Null(Of("plain").Describe("x").Entrypoint);
        Assert.Null(Of("plain").Describe("x").Cmd);
    }

    [Fact]
    public void Nothing_of_production_comes_along_but_the_service_s_name()
    {
        var api = Of("api").Describe("x");
        Assert.Equal("isolated", api.HostConfig!.NetworkMode);
        Assert.Equal(["api"], api.NetworkingConfig!.EndpointsConfig["isolated"].Aliases);
        Assert.True(api.HostConfig.PortBindings is null && api.HostConfig.Binds is null && api.HostConfig.Mounts is null && api.HostConfig.RestartPolicy is null);
        Assert.Equal(["NONE"], api.Healthcheck!.Test);
        Assert.Equal(new Dictionary<string, string> { [Labels.Scratch] = "run-1", [Labels.Deployment] = "shop" }, api.Labels);
    }

    [Fact]
    public void Another_command_keeps_the_entrypoint_and_its_environment_wins()
    {
        var other = (Of("api") with { Command = ["alembic", "upgrade", "abc"], Environment = new Dictionary<string, string> { ["API_KEY"] = "other" } }).Describe("x");
        Assert.Equal(["/enter", "--quiet"], other.Entrypoint);
        Assert.Equal(["alembic", "upgrade", "abc"], other.Cmd);
        Assert.Contains("API_KEY=other", other.Env);
        Assert.DoesNotContain($"API_KEY={Secret}", other.Env);
    }

    [Fact]
    public void Passwords_in_urls_and_values_named_as_secrets_are_hidden_and_switches_are_not()
    {
        var secrets = ServiceSecrets.Of(Shop.Service("api").Environment).ToHashSet();
        Assert.Equal(new HashSet<string> { "pa$ss%2Fw0rd", Secret }, secrets);
    }

    [Fact]
    public void The_copy_is_found_under_every_name_of_the_database()
    {
        var container = new Container(
            "0123456789abcdef", "shop-pg", new Dictionary<string, string>(), "postgres:17", "sha256:pg", "running", null, 0, DateTimeOffset.UnixEpoch, 0, [])
        {
            Aliases = ["db", "0123456789ab", "replica-0"],
        };
        var environment = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = "postgresql+asyncpg://u:p@pooler.example:6432/shop", ["OTHER"] = "postgres://u@10.0.0.1/x", ["REDIS_URL"] = "redis://cache:6379",
            ["LOCAL"] = "postgresql://localhost/x",
        };
        var names = DatabaseNames.Of(Observed.Deployment(), Shop, container, environment);
        Assert.Equal(["database", "db", "pg.internal", "pooler.example", "replica-0", "shop-pg"], names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("postgresql://u:p@db/shop", null, 5432)]
    [InlineData("postgresql+psycopg://u:p@db:6432/shop", null, 6432)]
    [InlineData("postgres://db:6432/shop", "6432", 6432)]
    [InlineData("postgres://db:6432/shop", "5433", 5432)]
    [InlineData("redis://cache:6379", "5433", 5433)]
    [InlineData("postgres://db:80/shop", null, 5432)]
    public void The_copy_listens_where_the_environment_says(string url, string? port, int expected) => Assert.Equal(
        expected, DatabaseNames.PortOf(port is null ? new Dictionary<string, string> { ["URL"] = url } : new() { ["URL"] = url, ["PGPORT"] = port }));

    [Fact]
    public void The_port_is_the_profile_s_else_the_compose_file_s_else_the_image_s()
    {
        var image = new Image("sha256:id", [], [], DateTimeOffset.UnixEpoch, "/", new Dictionary<string, string>()) { Ports = [5000] };
        Assert.Equal([8000, 9001, 9002], Shop.Service("api").Ports);
        Assert.Equal(8000, ServicePort.Of(Observed.Deployment(), Shop.Service("api"), image));
        Assert.Equal(80, ServicePort.Of(Observed.Deployment(), Shop.Service("bare"), image));
        Assert.Equal(5000, ServicePort.Of(Observed.Deployment(), Shop.Service("plain"), image));
        Assert.Equal(7000, ServicePort.Of(Observed.Deployment() with { ServicePort = 7000 }, Shop.Service("api"), image));
        var error = Assert.Throws<Runback.Runbook.Runs.RunbookException>(() => ServicePort.Of(Observed.Deployment(), Shop.Service("plain"), image with { Ports = [] }));
        Assert.Contains("--service-port", error.Hint, StringComparison.Ordinal);
    }

    private static ServiceContainer Of(string service) => new(Shop.Service(service), "sha256:image", "isolated", "shop", "run-1");
}
