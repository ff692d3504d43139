using System.Text.Json.Nodes;
using Runback.Runbook.Drills.Beside;

namespace Runback.Runbook.Tests.Drills.Beside;

public sealed class IsolatedProjectTests
{
    private const string Tag = "runback-drill-tag";

    private const string Project =
        """
        {
          "name": "shop",
          "networks": {"default": {"name": "shop_default", "ipam": {}}, "edge": {"name": "edge", "external": true}},
          "volumes": {"pg_data": {"name": "shop_pg_data", "external": true, "driver_opts": {"o": "bind", "device": "/srv/pg"}}},
          "secrets": {"key": {"name": "shop_key", "file": "/srv/shop/key"}},
          "services": {
            "db": {
              "image": "postgres:17", "restart": "always", "container_name": "shop-db", "shm_size": "268435456",
              "ports": [{"mode": "ingress", "target": 5432, "published": "5432", "protocol": "tcp"}],
              "networks": {"default": {"ipv4_address": "10.0.0.2", "aliases": ["pg.internal"]}},
              "volumes": [
                {"type": "volume", "source": "pg_data", "target": "/var/lib/postgresql/data", "volume": {}},
                {"type": "bind", "source": "/srv/shop/pg.conf", "target": "/etc/pg.conf", "read_only": true},
                {"type": "bind", "source": "/srv/shop/uploads", "target": "/uploads"},
                {"type": "bind", "source": "/var/run/docker.sock", "target": "/var/run/docker.sock", "read_only": true},
                {"type": "tmpfs", "target": "/run"}]
            },
            "cache": {"image": "redis:7", "networks": {"default": null}},
            "api": {
              "image": "registry/shop:runback-drill-tag", "build": {"context": "."}, "privileged": true, "network_mode": "host",
              "depends_on": {"db": {"condition": "service_healthy", "required": true}, "jobs": {"condition": "service_started", "required": true}, "cache": {"condition": "service_started", "required": true}},
              "environment": {"IMAGE_TAG": "v7", "PASSWORD": "a$$b", "VIRTUAL_HOST": "shop.example", "EMPTY": null},
              "labels": {"traefik.enable": "true"}, "logging": {"driver": "gelf"}, "extra_hosts": ["host.docker.internal=host-gateway"],
              "deploy": {"replicas": 4, "resources": {"limits": {"memory": "536870912"}, "reservations": {"cpus": "2"}}},
              "expose": ["8000"], "secrets": [{"source": "key"}], "networks": {"default": null, "edge": null}
            },
            "jobs": {"image": "registry/shop:runback-drill-tag", "networks": {"default": null}},
            "proxy": {"image": "caddy", "ports": [{"target": 443, "published": "443"}], "networks": {"default": null}}
          }
        }
        """;

    private static readonly IsolatedProject Copy = Isolate(Project);

    private static JsonNode Api => Copy.Json["services"]!["api"]!;

    private static JsonNode Database => Copy.Json["services"]!["db"]!;

    [Fact]
    public void Workers_and_what_nobody_in_it_needs_are_not_in_the_copy_at_all()
    {
        Assert.Equal(["api", "cache", "db"], Copy.Json["services"]!.AsObject().Select(service => service.Key).Order());
        Assert.Equal(["cache", "db"], Api["depends_on"]!.AsObject().Select(service => service.Key).Order());
    }

    [Fact]
    public void No_port_is_published_and_no_container_has_a_fixed_name_or_comes_back_by_itself()
    {
        foreach (var (_, service) in Copy.Json["services"]!.AsObject())
        {
            Assert.Null(service!["ports"]);
            Assert.Null(service["container_name"]);
            Assert.Equal("no", service["restart"]!.GetValue<string>());
        }
        Assert.Equal("8000", Api["expose"]![0]!.GetValue<string>());
    }

    [Fact]
    public void The_only_network_is_its_own_and_has_no_way_out_not_even_to_the_host()
    {
        var (name, network) = Assert.Single(Copy.Json["networks"]!.AsObject());
        Assert.Equal("default", name);
        Assert.True(network!["internal"]!.GetValue<bool>());
        Assert.Null(network["external"]);
        Assert.Equal("true", network["driver_opts"]!["com.docker.network.bridge.inhibit_ipv4"]!.GetValue<string>());
        foreach (var (_, service) in Copy.Json["services"]!.AsObject())
        {
            Assert.Equal("default", Assert.Single(service!["networks"]!.AsObject()).Key);
            Assert.Null(service["network_mode"]);
            Assert.Null(service["extra_hosts"]);
            Assert.Equal("127.0.0.1", service["dns"]![0]!.GetValue<string>());
        }
        Assert.Equal(["shop-db", "pg.internal"], Database["networks"]!["default"]!["aliases"]!.AsArray().Select(alias => alias!.GetValue<string>()));
        Assert.Null(Database["networks"]!["default"]!["ipv4_address"]);
    }

    [Fact]
    public void Volumes_are_fresh_whatever_they_were()
    {
        var (name, volume) = Assert.Single(Copy.Json["volumes"]!.AsObject());
        Assert.Equal("pg_data", name);
        Assert.Equal("labels", Assert.Single(volume!.AsObject()).Key);
    }

    [Fact]
    public void Of_the_host_only_files_are_mounted_and_only_to_be_read()
    {
        var mounts = Database["volumes"]!.AsArray().Select(mount => mount!.ToJsonString()).ToList();
        Assert.Equal(
        [
            """{"type":"volume","target":"/var/lib/postgresql/data","source":"pg_data"}""",
            """{"type":"bind","source":"/srv/shop/pg.conf","target":"/etc/pg.conf","read_only":true}""",
            """{"type":"volume","target":"/uploads"}""",
            """{"type":"tmpfs","target":"/run"}""",
        ], mounts);
        Assert.Contains("db: an empty volume at /uploads instead of /srv/shop/uploads", Copy.Notes);
        Assert.Contains("db: without the socket /var/run/docker.sock", Copy.Notes);
    }

    [Fact]
    public void A_file_that_may_be_written_is_mounted_to_be_read_and_that_is_said()
    {
        var copy = Isolate(Project.Replace("\"target\": \"/etc/pg.conf\", \"read_only\": true", "\"target\": \"/etc/pg.conf\"", StringComparison.Ordinal));

        Assert.True(copy.Json["services"]!["db"]!["volumes"]![1]!["read_only"]!.GetValue<bool>());
        Assert.Contains("db: /srv/shop/pg.conf is mounted read-only", copy.Notes);
    }

    [Fact]
    public void Nothing_that_watches_the_engine_takes_a_container_for_productions()
    {
        Assert.Equal("shop", Assert.Single(Api["labels"]!.AsObject()).Value!.GetValue<string>());
        Assert.Equal("json-file", Api["logging"]!["driver"]!.GetValue<string>());
        Assert.False(Api["environment"]!.AsObject().ContainsKey("VIRTUAL_HOST"));
    }

    [Fact]
    public void What_gives_a_container_more_than_its_own_is_left_out_and_said()
    {
        Assert.Null(Api["privileged"]);
        Assert.Null(Api["build"]);
        Assert.Equal("""{"resources":{"limits":{"memory":"536870912"}}}""", Api["deploy"]!.ToJsonString());
        Assert.Equal(["api: without `privileged`", "api: without `network_mode`", "api: without `extra_hosts`"], Copy.Notes.Where(note => note.StartsWith("api", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_tag_variable_decides_the_release_as_it_does_in_the_original()
    {
        Assert.Equal("registry/shop:${IMAGE_TAG}", Api["image"]!.GetValue<string>());
        Assert.Equal("${IMAGE_TAG}", Api["environment"]!["IMAGE_TAG"]!.GetValue<string>());
        Assert.Equal("a$$b", Api["environment"]!["PASSWORD"]!.GetValue<string>());
        Assert.Equal("postgres:17", Database["image"]!.GetValue<string>());
    }

    private static IsolatedProject Isolate(string project) => IsolatedProject.Of(JsonNode.Parse(project)!.AsObject(), new IsolationPlan
    {
        Name = "shop-drill-ab12",
        Services = ["api", "db"],
        Left = ["jobs"],
        Tag = Tag,
        TagVariable = "IMAGE_TAG",
        Labels = new Dictionary<string, string> { ["dev.runback.drill"] = "shop" },
        IsFile = path => path == "/srv/shop/pg.conf",
    });
}
