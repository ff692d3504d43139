using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Runback.Runbook.Releases;
using Runback.Runbook.Releases.Registries;

namespace Runback.Runbook.Tests.Releases;

/// <summary>A registry of one repository, <c>team/api</c>, that answers by the OCI distribution specification unless a test has it do otherwise.</summary>
internal sealed class FakeRegistry : IAsyncDisposable
{
    private readonly Dictionary<string, (byte[] Body, string Type)> _manifests = [];
    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly List<string> _tags = [];
    private LoopbackServer _server = null!;

    /// <summary>Asked before anything else; true means that it has answered.</summary>
    public Func<HttpContext, Task<bool>> First { get; set; } = _ => Task.FromResult(false);

    /// <summary>How many tags a page holds.</summary>
    public int PageSize { get; init; } = 1000;

    public IReadOnlyList<LoopbackServer.Seen> Requests => _server.Requests;

    public Uri Address => _server.Address;

    public string Authority => _server.Authority;

    public CancellationToken Ending => _server.Ending;

    public ImageReference Image => ImageReference.Parse($"{_server.Authority}/team/api");

    public static Task<FakeRegistry> StartAsync() => StartAsync(new FakeRegistry());

    public static async Task<FakeRegistry> StartAsync(FakeRegistry registry)
    {
        registry._server = await LoopbackServer.StartAsync((_, context) => registry.HandleAsync(context), TestContext.Current.CancellationToken);
        return registry;
    }

    /// <summary>Options with pauses short enough for tests.</summary>
    public static RegistryOptions Quick { get; } = new()
    {
        AttemptTimeout = TimeSpan.FromSeconds(15),
        TotalTimeout = TimeSpan.FromSeconds(20),
        FirstPause = TimeSpan.FromMilliseconds(10),
    };

    public RegistryClient Client(RegistryOptions? options = null) => new(Image, options ?? Quick);

    /// <summary>Pushes an image and gives its digest.</summary>
    public Digest Push(string tag, string created = "2025-12-15T10:00:00Z", string layer = "layer")
    {
        var image = StoreImage(created, tag + layer);
        PointTag(tag, image);
        return image;
    }

    /// <summary>Pushes an index with one image for each platform, and an attestation.</summary>
    public Digest PushIndex(string tag, params string[] platforms)
    {
        var entries = platforms.Append("unknown/unknown").Select(platform =>
        {
            var parts = platform.Split('/');
            return new
            {
                mediaType = "application/vnd.oci.image.manifest.v1+json",
                digest = StoreImage("2025-12-16T10:00:00Z", tag + platform).Value,
                size = 10,
                platform = new { os = parts[0], architecture = parts[1], variant = parts.ElementAtOrDefault(2) },
            };
        });
        var index = StoreManifest(JsonSerializer.Serialize(new { schemaVersion = 2, manifests = entries }), "application/vnd.oci.image.index.v1+json");
        PointTag(tag, index);
        return index;
    }

    public void LoseBlobs() => _blobs.Clear();

    public void LoseManifest(Digest digest) => _manifests.Remove(digest.Value);

    public void Untag(string tag)
    {
        _tags.Remove(tag);
        _manifests.Remove(tag);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public static Task Answer(HttpContext context, int status, string body, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    }

    private void PointTag(string tag, Digest digest)
    {
        if (!_tags.Contains(tag))
            _tags.Add(tag);
        _manifests[tag] = _manifests[digest.Value];
    }

    private Digest StoreImage(string created, string layer)
    {
        var config = Blob(JsonSerializer.Serialize(new { created, os = "linux", architecture = "amd64", config = new { Labels = new { app = "api" } } }));
        var content = Blob(layer);
        return StoreManifest(
            JsonSerializer.Serialize(new
            {
                schemaVersion = 2,
                config = new { mediaType = "application/vnd.oci.image.config.v1+json", digest = config.Value, size = 10 },
                layers = new[] { new { mediaType = "application/vnd.oci.image.layer.v1.tar+gzip", digest = content.Value, size = 10 } },
            }),
            "application/vnd.oci.image.manifest.v1+json");
    }

    private Digest StoreManifest(string json, string type)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var digest = Digest.Of(body);
        _manifests[digest.Value] = (body, type);
        return digest;
    }

    private Digest Blob(string content)
    {
        var body = Encoding.UTF8.GetBytes(content);
        var digest = Digest.Of(body);
        _blobs[digest.Value] = body;
        return digest;
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (await First(context))
            return;
        var path = context.Request.Path.Value!;
        const string Repository = "/v2/team/api/";
        if (path == "/v2/")
            await Answer(context, 200, "{}");
        else if (path == Repository + "tags/list")
            await TagsAsync(context);
        else if (path.StartsWith(Repository + "manifests/", StringComparison.Ordinal) && _manifests.TryGetValue(path[(Repository + "manifests/").Length..], out var manifest))
            await SendAsync(context, manifest.Body, manifest.Type);
        else if (path.StartsWith(Repository + "blobs/", StringComparison.Ordinal) && _blobs.TryGetValue(path[(Repository + "blobs/").Length..], out var blob))
            await SendAsync(context, blob, "application/octet-stream");
        else if (path.StartsWith(Repository, StringComparison.Ordinal))
            await Answer(context, 404, """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}""");
        else
            await Answer(context, 404, """{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry"}]}""");
    }

    private Task TagsAsync(HttpContext context)
    {
        var last = context.Request.Query["last"].ToString();
        var rest = _tags.Order(StringComparer.Ordinal).Where(tag => string.CompareOrdinal(tag, last) > 0).ToList();
        var page = rest.Take(PageSize).ToList();
        if (rest.Count > page.Count)
            context.Response.Headers.Link = $"</v2/team/api/tags/list?last={page[^1]}&n={PageSize}>; rel=\"next\"";
        return Answer(context, 200, JsonSerializer.Serialize(new { name = "team/api", tags = page }));
    }

    private static async Task SendAsync(HttpContext context, byte[] body, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        context.Response.Headers["Docker-Content-Digest"] = Digest.Of(body).Value;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.Body.WriteAsync(body);
    }
}
