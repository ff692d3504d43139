using System.Net;
using System.Text.Json.Nodes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Deployments;

/// <summary>
/// The Docker Engine API, for what is observed: containers, images, files inside images. Changes go through the <c>docker</c> command, so that
/// they can be shown as a line to paste. Source: Docker Engine API v1.41, the version of the oldest engine in use (20.10), and what newer ones changed since;
/// which version is spoken is agreed with each engine (<see cref="EngineVersion"/>).
/// </summary>
public sealed class EngineApi : IDisposable
{
    // Held in memory; migrations take some megabytes at most.
    private const int MostArchived = 64 * 1024 * 1024;

    private readonly HttpClient _http;
    private string? _version;

    /// <summary>Prepares a client; the connection is opened by the first call.</summary>
    public EngineApi()
        : this(EngineConnection.OpenAsync)
    {
    }

    /// <summary>Prepares a client of an engine that is reached in another way.</summary>
    /// <param name="connect">Opens a stream to it.</param>
    internal EngineApi(Func<CancellationToken, ValueTask<Stream>> connect)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellation) => connect(cancellation),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            AllowAutoRedirect = false,
            UseProxy = false,
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://docker"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>The containers that carry all of the labels, stopped ones too.</summary>
    public async Task<IReadOnlyList<Container>> ContainersAsync(CancellationToken cancellation, params IEnumerable<string> labels)
    {
        var filters = new JsonObject { ["label"] = new JsonArray([.. labels.Select(label => (JsonNode)label)]) };
        var list = await GetAsync($"/containers/json?all=true&filters={Uri.EscapeDataString(filters.ToJsonString())}", cancellation);
        var ids = list.AsArray().Select(item => item!["Id"]!.GetValue<string>());
        var containers = await Task.WhenAll(ids.Select(id => ContainerAsync(id, cancellation)));
        return [.. containers.OfType<Container>()];
    }

    /// <summary>One container, or null when there is none of that id or name.</summary>
    public async Task<Container?> ContainerAsync(string id, CancellationToken cancellation) =>
        await FindAsync($"/containers/{Uri.EscapeDataString(id)}/json", cancellation) is { } json ? Container.From(json) : null;

    /// <summary>An image on the engine's host, or null when it isn't there.</summary>
    public async Task<Image?> ImageAsync(string reference, CancellationToken cancellation) =>
        await FindAsync($"/images/{reference}/json", cancellation) is { } json ? Image.From(json) : null;

    /// <summary>The ids of all images of a repository on the engine's host, the newest first.</summary>
    public async Task<IReadOnlyList<string>> ImagesOfAsync(string repository, CancellationToken cancellation)
    {
        var filters = new JsonObject { ["reference"] = new JsonArray(repository) };
        var list = await GetAsync($"/images/json?filters={Uri.EscapeDataString(filters.ToJsonString())}", cancellation);
        return [.. list.AsArray().OrderByDescending(image => image!["Created"]?.GetValue<long>() ?? 0).Select(image => image!["Id"]!.GetValue<string>())];
    }

    /// <summary>Files of an image as a tar stream, without starting anything: a container is created, read and removed.</summary>
    /// <param name="image">The image's reference or id.</param>
    /// <param name="path">A file or folder inside the image; relative to its working directory when not absolute.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The tar's bytes, or null when the path isn't in the image.</returns>
    public async Task<byte[]?> ArchiveAsync(string image, string path, CancellationToken cancellation)
    {
        var config = (await ImageAsync(image, cancellation)
            ?? throw new RunbookException($"expected the image {image} on the engine's host, found none", "pull it first")).WorkingDirectory;
        var full = path.StartsWith('/') ? path : $"{config.TrimEnd('/')}/{path}";
        var body = new JsonObject
        {
            ["Image"] = image,
            ["NetworkDisabled"] = true,
            ["Labels"] = new JsonObject { [Labels.Scratch] = "archive" },
        };
        using var content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var created = await SendAsync(HttpMethod.Post, "/containers/create", content, cancellation);
        await ThrowUnlessOkAsync(created, cancellation);
        var id = JsonNode.Parse(await created.Content.ReadAsStringAsync(cancellation))!["Id"]!.GetValue<string>();
        try
        {
            return await ContainerArchiveAsync(id, full, cancellation);
        }
        finally
        {
            using var removed = await SendAsync(HttpMethod.Delete, $"/containers/{id}?force=true&v=true", null, CancellationToken.None);
        }
    }

    /// <summary>Files of a container, running or not, as a tar stream.</summary>
    /// <param name="container">Its id or name.</param>
    /// <param name="path">A file or folder inside it, absolute.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The tar's bytes, or null when the path isn't there.</returns>
    public async Task<byte[]?> ContainerArchiveAsync(string container, string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, ArchivePath(container, path), null, cancellation);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        await ThrowUnlessOkAsync(response, cancellation);
        using var archive = new MemoryStream();
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var piece = new byte[64 * 1024];
        while (await body.ReadAsync(piece, cancellation) is > 0 and var count)
        {
            if (archive.Length + count > MostArchived)
            {
                throw RunbookException.Refused(
                    $"expected a folder of migrations at {path}, found one of more than {MostArchived} bytes",
                    "name the folder that Alembic's revisions are in with --migrations-directory");
            }

            archive.Write(piece, 0, count);
        }

        return archive.ToArray();
    }

    /// <summary>Unpacks a tar archive into a container, running or not. Only for containers of this tool's own.</summary>
    /// <param name="container">Its id or name.</param>
    /// <param name="folder">The folder inside it, absolute; it must exist.</param>
    /// <param name="tar">The archive.</param>
    /// <param name="cancellation">Ends the writing.</param>
    public async Task PutArchiveAsync(string container, string folder, byte[] tar, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(tar);
        content.Headers.ContentType = new("application/x-tar");
        using var response = await SendAsync(HttpMethod.Put, ArchivePath(container, folder), content, cancellation);
        await ThrowUnlessOkAsync(response, cancellation);
    }

    /// <summary>Asks whether the engine is there (<c>/_ping</c>).</summary>
    public async Task PingAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, "/_ping", null, cancellation);
    }

    /// <summary>The engine's own description (<c>/info</c>).</summary>
    public Task<JsonNode> InfoAsync(CancellationToken cancellation) => GetAsync("/info", cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string ArchivePath(string container, string path) => $"/containers/{Uri.EscapeDataString(container)}/archive?path={Uri.EscapeDataString(path)}";

    private async Task<JsonNode> GetAsync(string path, CancellationToken cancellation) =>
        await FindAsync(path, cancellation) ?? throw new RunbookException($"expected the Docker engine to answer {path}, found 404");

    private async Task<JsonNode?> FindAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellation);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        await ThrowUnlessOkAsync(response, cancellation);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation));
    }

    // Two first calls at once may both ask: they get the same answer.
    private async Task<string> VersionAsync(CancellationToken cancellation)
    {
        if (_version is { } agreed)
            return agreed;
        using var response = await SendAsync(HttpMethod.Get, "", "/version", null, cancellation);
        await ThrowUnlessOkAsync(response, cancellation);
        return _version = EngineVersion.Prefix(await response.Content.ReadAsStringAsync(cancellation));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation) =>
        await SendAsync(method, await VersionAsync(cancellation), path, content, cancellation);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string version, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, version + path) { Content = content };
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException exception)
        {
            if (exception.InnerException is RunbookException told)
                throw told;
            throw RunbookException.Refused(
                $"expected the Docker engine to answer, found: {exception.Message}",
                "see `docker info`; DOCKER_HOST or the docker context must name the engine that runs the deployment");
        }
        catch (TaskCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new RunbookException("expected the Docker engine to answer within 30 s, found silence", "see `docker info`", inner: exception);
        }
    }

    private static async Task ThrowUnlessOkAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
            return;
        var body = await response.Content.ReadAsStringAsync(cancellation);
        throw new RunbookException($"expected the Docker engine to answer {response.RequestMessage?.RequestUri?.PathAndQuery}, found {(int)response.StatusCode}: {body.Trim()}");
    }
}
