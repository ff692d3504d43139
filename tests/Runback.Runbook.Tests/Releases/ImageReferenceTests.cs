using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Releases;

namespace Runback.Runbook.Tests.Releases;

public sealed class ImageReferenceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("postgres", "docker.io", "library/postgres", null)]
    [InlineData("postgres:17", "docker.io", "library/postgres", "17")]
    [InlineData("docker.io/postgres", "docker.io", "library/postgres", null)]
    [InlineData("index.docker.io/team/api:1", "docker.io", "team/api", "1")]
    [InlineData("team/api", "docker.io", "team/api", null)]
    [InlineData("localhost/api", "localhost", "api", null)]
    [InlineData("localhost:5000/team/api:2025-12-15-rc1", "localhost:5000", "team/api", "2025-12-15-rc1")]
    [InlineData("127.0.0.1:5000/api", "127.0.0.1:5000", "api", null)]
    [InlineData("[::1]:5000/api:1", "[::1]:5000", "api", "1")]
    [InlineData("ghcr.io/a/b/c", "ghcr.io", "a/b/c", null)]
    [InlineData("Registry/api", "Registry", "api", null)]
    [InlineData("a__b/c.d-e---f", "docker.io", "a__b/c.d-e---f", null)]
    public void References_are_read_as_docker_reads_them(string text, string registry, string repository, string? tag)
    {
        var reference = ImageReference.Parse(text);
        Assert.Equal((registry, repository, tag), (reference.Registry, reference.Repository, reference.Tag?.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":tag")]
    [InlineData("API")]
    [InlineData("team/API")]
    [InlineData("team//api")]
    [InlineData("/api")]
    [InlineData("api/")]
    [InlineData("a..b")]
    [InlineData("a___b")]
    [InlineData("_a")]
    [InlineData("api:")]
    [InlineData("api:-x")]
    [InlineData("api@sha256:123")]
    [InlineData("http://localhost/api")]
    [InlineData("user@host.example/api")]
    [InlineData("host.example:0/api")]
    [InlineData("host.example:70000/api")]
    [InlineData("host.example:/api")]
    [InlineData("-host.example/api")]
    [InlineData("[1:2]/api")]
    [InlineData("api\n")]
    [InlineData(Hex)]
    public void What_is_no_reference_is_refused(string text) => Assert.False(ImageReference.TryParse(text, out _));

    [Fact]
    public void A_digest_may_stand_beside_the_tag()
    {
        var reference = ImageReference.Parse($"host.example/api:1@sha256:{Hex}");
        Assert.Equal($"sha256:{Hex}", reference.Digest?.Value);
        Assert.Equal($"host.example/api:1@sha256:{Hex}", reference.ToString());
    }

    [Theory]
    [InlineData("localhost:5000/api", true)]
    [InlineData("LOCALHOST:5000/api", true)]
    [InlineData("127.8.9.1/api", true)]
    [InlineData("[::1]:5000/api", true)]
    [InlineData("localhost.example.com/api", false)]
    [InlineData("128.0.0.1:5000/api", false)]
    [InlineData("postgres", false)]
    public void Loopback_is_known(string text, bool expected) => Assert.Equal(expected, ImageReference.Parse(text).IsOnLoopback);

    [Fact]
    public void Every_reference_of_the_grammar_is_read_and_written_back()
    {
        var words = Gen.Elements("a", "b7", "team", "x1y", "0");
        var separators = Gen.Elements(".", "_", "__", "-", "--");
        var component = from one in words from separator in separators from other in words select one + separator + other;
        var path = from components in Gen.OneOf(words, component).NonEmptyListOf() select string.Join('/', components.Take(5));
        var host = from name in Gen.Elements("localhost", "example.com", "a-b.example", "10.0.0.1", "[::1]", "[2001:db8::5]", "REG")
                   from port in Gen.Elements("", ":1", ":5000", ":65535")
                   select name + port;
        var tag = Gen.Elements("", ":1", ":2025-12-15-rc1", ":_x", ":V.1-");
        var digest = Gen.Elements("", $"@sha256:{Hex}", $"@sha512:{Hex}{Hex}");
        var references = from h in host from p in path from t in tag from d in digest select $"{h}/{p}{t}{d}";
        Prop.ForAll(references.ToArbitrary(), text => Assert.Equal(text, ImageReference.Parse(text).ToString())).Check(Seeded.Config);
    }

    [Fact]
    public void Any_text_is_refused_or_comes_back_to_itself()
    {
        var texts = Gen.Elements("aZ0._-/:@[] \n$é".ToCharArray()).ArrayOf().Select(characters => new string(characters));
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            if (!ImageReference.TryParse(text, out var reference))
                return;
            Assert.True(ImageReference.TryParse(reference.ToString(), out var again));
            Assert.Equal(reference, again);
            Assert.True(Uri.TryCreate($"https://{reference.Registry}/v2/{reference.Repository}/tags/list", UriKind.Absolute, out _));
        }).Check(Seeded.Config);
    }
}
