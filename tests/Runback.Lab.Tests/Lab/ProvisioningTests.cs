using FsCheck;
using FsCheck.Fluent;

namespace Runback.Lab.Tests.Lab;

/// <summary>What provisioning decides from what it reads.</summary>
[Tier(Tier.Quick)]
public sealed class ProvisioningTests
{
    [Fact]
    public void The_mirror_is_the_distribution_itself_not_its_updates_or_security_fixes()
    {
        var targets = """
            http://mirror.example/debian-security/ bookworm-security main
            http://mirror.example/debian/ bookworm-updates main
            http://mirror.example/debian/ bookworm contrib
            http://mirror.example/debian/ bookworm main
            """;
        var mirror = AptMirror.Choose(targets, "Acquire::http::Proxy \"http://p:3128\";\nAcquire::Languages \"none\";\nAcquire::Check-Date \"false\";", "debian");
        Assert.NotNull(mirror);
        Assert.Equal("http://mirror.example/debian/", mirror.Uri);
        Assert.Equal(["Acquire::http::Proxy \"http://p:3128\";", "Acquire::Check-Date \"false\";"], mirror.Settings);
        Assert.EndsWith(" http://mirror.example/debian/ trixie main", mirror.SourceLine("trixie"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ubuntu", "http://mirror.example/debian/ bookworm main")]
    [InlineData("debian", "http://mirror.example/other/ stable-backports main")]
    [InlineData("debian", "")]
    public void A_machine_without_debian_sources_has_no_mirror(string distribution, string targets) =>
        Assert.Null(AptMirror.Choose(targets, "", distribution));

    [Theory]
    [InlineData("2.26.1-4", 2)]
    [InlineData("v2.40.0", 2)]
    [InlineData("5.0.0", 5)]
    [InlineData("", 0)]
    [InlineData("dev", 0)]
    public void The_major_version_of_compose_is_read(string version, int major) => Assert.Equal(major, Machine.Major(version));

    [Theory]
    [InlineData(null, "default", null)]
    [InlineData("", "default", null)]
    [InlineData("unix:///var/run/docker.sock", "default", null)]
    [InlineData("ssh://ops@host", "default", "DOCKER_HOST=ssh://ops@host")]
    [InlineData(null, "production", "the docker context production")]
    public void An_engine_elsewhere_is_noticed(string? dockerHost, string context, string? elsewhere) =>
        Assert.Equal(elsewhere, Machine.Elsewhere(dockerHost, context));

    [Fact]
    public void The_pin_keeps_everything_of_trixie_out_but_the_packages_named()
    {
        var blocks = AptPackages.Pin(["docker-compose"]).Split("\n\n");
        Assert.Contains("Package: *\nPin: release n=trixie\nPin-Priority: -1", blocks[0], StringComparison.Ordinal);
        Assert.Contains("Package: docker-compose\nPin: release n=trixie\nPin-Priority: 990", blocks[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Setting_a_variable_replaces_its_line_and_leaves_every_other()
    {
        Assert.Equal("# a\nIMAGE_TAG=new\nB=2\n", DeploymentFolder.Set("# a\nIMAGE_TAG=old\nB=2\n", "IMAGE_TAG", "new"));
        Assert.Equal("A=1\nIMAGE_TAG=new\n", DeploymentFolder.Set("A=1\n", "IMAGE_TAG", "new"));
    }

    [Fact]
    public void Setting_a_variable_twice_is_setting_it_once() => Prop.ForAll<string, string>((key, value) =>
    {
        var name = "K" + string.Concat(key.Where(char.IsAsciiLetterOrDigit));
        var text = DeploymentFolder.Set("OTHER=1\n", name, string.Concat(value.Where(c => !char.IsControl(c))));
        return DeploymentFolder.Set(text, name, "x") == DeploymentFolder.Set(DeploymentFolder.Set(text, name, "y"), name, "x");
    }).Check(Seeded.Config);

    [Fact]
    public void A_changed_file_or_parent_changes_the_fingerprint_of_a_release()
    {
        var options = LabFixture.For("unused", 4);
        var good = LabImage.Of(options, Release.All[1], "python:1");
        Assert.Equal(good.InputsHash, LabImage.Of(options, Release.All[1], "python:1").InputsHash);
        Assert.NotEqual(good.InputsHash, LabImage.Of(options, Release.All[1], "python:2").InputsHash);
        Assert.Equal(Release.All.Count, Release.All.Select(release => LabImage.Of(options, release, "python:1").InputsHash).Distinct().Count());
    }

    [Fact]
    public void A_release_has_its_own_files_over_those_of_its_parents()
    {
        var options = LabFixture.For("unused", 4);
        var files = Release.All.Single(release => release.Tag == "2025-12-20-rc1").Files(options.Sources);
        Assert.EndsWith("releases/2025-12-20-rc1/app/pricing.py", files["app/pricing.py"], StringComparison.Ordinal);
        Assert.EndsWith("releases/2025-12-15-rc1/app/models/booking.py", files["app/models/booking.py"], StringComparison.Ordinal);
        Assert.EndsWith("lab/app/app/main.py", files["app/main.py"], StringComparison.Ordinal);
        Assert.Equal(7, files.Keys.Count(path => path.StartsWith("alembic/versions/", StringComparison.Ordinal)));
    }
}
