using System.Net;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;
using Version = System.Version;

namespace Runback.Runbook.Engines;

/// <summary>
/// The Docker engine: what is observed, and what is made and run for a run's own use. Source: Docker Engine API v1.41, the version of the oldest engine
/// in use (20.10), and what newer ones changed since; which version is spoken is agreed with each engine (<see cref="EngineVersion"/>).
/// </summary>
public sealed class EngineApi : IDisposable
{
    // Held in memory; migrations take some megabytes at most.
    private const int MostArchived = 64 * 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // Between the end of a program's output and the moment in which the engine knows its exit code.
    private static readonly TimeSpan Reaped = TimeSpan.FromSeconds(10);

    private readonly EngineTransport _transport;
    private readonly Lazy<HttpClient> _http;
    private readonly SemaphoreSlim _agreeing = new(1, 1);
    private DockerClient? _client;

    /// <summary>Prepares a client; the connection is opened by the first call.</summary>
    public EngineApi()
        : this(EngineConnection.OpenAsync)
    {
    }

    /// <summary>Prepares a client of an engine that is reached in another way.</summary>
    /// <param name="connect">Opens a stream to it.</param>
    internal EngineApi(Func<CancellationToken, ValueTask<Stream>> connect)
    {
        _transport = new EngineTransport(connect);
        _http = new(() => new HttpClient(_transport.CreateHandler()) { BaseAddress = EngineTransport.Endpoint, Timeout = Timeout.InfiniteTimeSpan });
    }

    /// <summary>A process talks to one engine: the one that its environment names.</summary>
    public static EngineApi Shared { get; } = new();

    /// <summary>The containers that carry all of the labels, stopped ones too.</summary>
    public async Task<IReadOnlyList<Container>> ContainersAsync(CancellationToken cancellation, params IEnumerable<string> labels)
    {
        var containers = await Task.WhenAll((await ListAsync(cancellation, labels)).Select(one => ContainerAsync(one.Id, cancellation)));
        return [.. containers.OfType<Container>()];
    }

    /// <summary>What the engine lists of the containers that carry all of the labels, stopped ones too: less than <see cref="ContainersAsync"/> tells, in one call.</summary>
    public async Task<IReadOnlyList<ListedContainer>> ListAsync(CancellationToken cancellation, params IEnumerable<string> labels)
    {
        var wanted = new ContainersListParameters { All = true, Filters = Filter("label", labels) };
        var list = await AskAsync("list containers", client => client.Containers.ListContainersAsync(wanted, cancellation), cancellation);
        return [.. list.Select(ListedContainer.From)];
    }

    /// <summary>One container, or null when there is none of that id or name.</summary>
    public async Task<Container?> ContainerAsync(string id, CancellationToken cancellation) =>
        await FindAsync($"describe the container {id}", client => client.Containers.InspectContainerAsync(id, cancellation), cancellation) is { } answer ? Container.From(Known(answer, answer.ID)) : null;

    /// <summary>An image on the engine's host, or null when it isn't there.</summary>
    public async Task<Image?> ImageAsync(string reference, CancellationToken cancellation) =>
        await FindAsync($"describe the image {reference}", client => client.Images.InspectImageAsync(reference, cancellation), cancellation) is { } answer ? Image.From(Known(answer, answer.ID)) : null;

    /// <summary>The ids of all images of a repository on the engine's host, the newest first.</summary>
    public Task<IReadOnlyList<string>> ImagesOfAsync(string repository, CancellationToken cancellation) => ListImagesAsync("reference", repository, cancellation);

    /// <summary>The ids of all images on the engine's host that carry a label, the newest first.</summary>
    public Task<IReadOnlyList<string>> ImagesWithAsync(string label, CancellationToken cancellation) => ListImagesAsync("label", label, cancellation);

    /// <summary>Removes an image, or one of its names where it has others.</summary>
    /// <param name="image">Its id or a name of it.</param>
    /// <param name="force">Whether it goes with all of its names, and though stopped containers were made of it.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>Whether it was there and could go: false while a container needs it.</returns>
    /// <exception cref="EngineException">The engine refused for another reason.</exception>
    public async Task<bool> RemoveImageAsync(string image, bool force, CancellationToken cancellation)
    {
        try
        {
            await AskAsync($"remove the image {image}", client => client.Images.DeleteImageAsync(image, new ImageDeleteParameters { Force = force }, cancellation), cancellation);
            return true;
        }
        catch (EngineException exception) when (exception.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return false;
        }
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
        var labels = new Dictionary<string, string> { [Deployments.Labels.Scratch] = "archive" };
        var id = await CreateAsync(new CreateContainerParameters { Image = image, NetworkDisabled = true, Labels = labels });
        try
        {
            return await ContainerArchiveAsync(id, full, cancellation);
        }
        finally
        {
            await RemoveAsync(id, CancellationToken.None);
        }
    }

    /// <summary>Files of a container, running or not, as a tar stream.</summary>
    /// <param name="container">Its id or name.</param>
    /// <param name="path">A file or folder inside it, absolute.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The tar's bytes, or null when the path isn't there.</returns>
    public async Task<byte[]?> ContainerArchiveAsync(string container, string path, CancellationToken cancellation)
    {
        using var patience = Patience(cancellation);
        var answer = await FindAsync(
            $"send {path} of the container {container}",
            client => client.Containers.GetArchiveFromContainerAsync(container, new ContainerPathStatParameters { Path = path }, statOnly: false, patience.Token),
            cancellation);
        if (answer is null)
            return null;
        using var archive = new MemoryStream();
        await using var body = answer.Stream!;
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
        using var stream = new MemoryStream(tar);
        await AskAsync(
            $"take files for {folder} of the container {container}",
            client => client.Containers.ExtractArchiveToContainerAsync(container, new CopyToContainerParameters { Path = folder }, stream, cancellation),
            cancellation);
    }

    /// <summary>Makes a container of a run's own. It isn't ended halfway: one that was made and that nobody knows of would stay.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="EngineException">The engine refused: 409 where the name is taken, 404 where there is no such image.</exception>
    internal async Task<string> CreateAsync(CreateContainerParameters container) =>
        (await AskAsync($"make a container of {container.Image}", client => client.Containers.CreateContainerAsync(container, CancellationToken.None), CancellationToken.None)).ID;

    /// <summary>Starts a container.</summary>
    /// <exception cref="EngineException">The engine refused.</exception>
    public Task StartAsync(string container, CancellationToken cancellation) =>
        AskAsync($"start the container {container}", client => client.Containers.StartContainerAsync(container, new ContainerStartParameters(), cancellation), cancellation);

    /// <summary>Stops a container, with the grace that it was made with. It isn't ended halfway.</summary>
    /// <exception cref="EngineException">The engine refused.</exception>
    public async Task StopAsync(Container container)
    {
        using var patience = new CancellationTokenSource((container.StopGrace ?? TimeSpan.FromSeconds(10)) + Limit);
        await AskAsync(
            $"stop the container {container.Name}", client => client.Containers.StopContainerAsync(container.Id, new ContainerStopParameters(), patience.Token), CancellationToken.None);
    }

    /// <summary>Removes a container of a run's own, whatever its state, with the volumes that only it has: <c>docker rm --force --volumes</c>.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="EngineException">The engine refused.</exception>
    public Task<bool> RemoveAsync(string container, CancellationToken cancellation) => RemoveAsync(container, force: true, volumes: true, cancellation);

    /// <summary>Removes a container and nothing that it wrote: <c>docker rm</c>, whose volumes stay.</summary>
    /// <param name="container">Its id or name.</param>
    /// <param name="force">Whether it may run: <c>docker rm --force</c>.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="EngineException">The engine refused: 409 where it runs and may not.</exception>
    public Task<bool> RemoveKeepingVolumesAsync(string container, bool force, CancellationToken cancellation) => RemoveAsync(container, force, volumes: false, cancellation);

    /// <summary>Makes a network without any way out.</summary>
    internal Task CreateNetworkAsync(string name, IDictionary<string, string> labels) => AskAsync(
        $"make the network {name}",
        client => client.Networks.CreateNetworkAsync(new NetworksCreateParameters { Name = name, Internal = true, Labels = labels }, CancellationToken.None),
        CancellationToken.None);

    /// <summary>The networks that carry all of the labels, with theirs.</summary>
    public async Task<IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Labels)>> NetworksAsync(CancellationToken cancellation, params IEnumerable<string> labels)
    {
        var wanted = new NetworksListParameters { Filters = Filter("label", labels) };
        var list = await AskAsync("list networks", client => client.Networks.ListNetworksAsync(wanted, cancellation), cancellation);
        return [.. list.Select(network => (network.Name, (IReadOnlyDictionary<string, string>)(network.Labels ?? new Dictionary<string, string>()).ToDictionary()))];
    }

    /// <summary>The ids of the containers on a network.</summary>
    internal async Task<IReadOnlyList<string>> OnNetworkAsync(string name, CancellationToken cancellation)
    {
        var wanted = new ContainersListParameters { All = true, Filters = Filter("network", name) };
        var list = await AskAsync("list containers", client => client.Containers.ListContainersAsync(wanted, cancellation), cancellation);
        return [.. list.Select(container => container.ID)];
    }

    /// <summary>Removes a network that nobody is on.</summary>
    /// <returns>Whether it is gone: false while somebody is on it.</returns>
    public async Task<bool> RemoveNetworkAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await AskAsync($"remove the network {name}", client => client.Networks.DeleteNetworkAsync(name, cancellation), cancellation);
            return true;
        }
        catch (EngineException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            return true;
        }
        catch (EngineException exception) when (exception.Status is HttpStatusCode.Forbidden or HttpStatusCode.Conflict or HttpStatusCode.BadRequest)
        {
            return false;
        }
    }

    /// <summary>The names of the volumes that carry a label.</summary>
    public async Task<IReadOnlyList<string>> VolumesAsync(string label, CancellationToken cancellation)
    {
        var wanted = new VolumesListParameters { Filters = Filter("label", label) };
        var list = await AskAsync("list volumes", client => client.Volumes.ListAsync(wanted, cancellation), cancellation);
        return [.. (list.Volumes ?? []).Select(volume => volume.Name)];
    }

    /// <summary>Makes a volume; one of that name that is there stays as it is.</summary>
    public Task CreateVolumeAsync(string name, IDictionary<string, string> labels, CancellationToken cancellation) =>
        AskAsync($"make the volume {name}", client => client.Volumes.CreateAsync(new VolumesCreateParameters { Name = name, Labels = labels }, cancellation), cancellation);

    /// <summary>Removes a volume.</summary>
    public Task RemoveVolumeAsync(string name, CancellationToken cancellation) =>
        AskAsync($"remove the volume {name}", client => client.Volumes.RemoveAsync(name, force: true, cancellation), cancellation);

    /// <summary>Asks whether the engine is there (<c>/_ping</c>).</summary>
    public Task PingAsync(CancellationToken cancellation) => AskAsync("answer", client => client.System.PingAsync(cancellation), cancellation);

    /// <summary>Runs a program in a container, its streams in the caller's hands.</summary>
    /// <param name="container">The container's id or name.</param>
    /// <param name="environment">Its environment beside the container's own, as NAME=value.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>The program; one that has ended at once, with the engine's complaint, when the engine refused.</returns>
    internal async Task<IRunningProgram> ExecAsync(string container, IReadOnlyList<string> environment, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        using var patience = Patience(cancellation);
        try
        {
            return await AskAsync($"run {command[0]} in {container}", async client =>
            {
                var made = await client.Exec.CreateContainerExecAsync(
                    container,
                    new ContainerExecCreateParameters { AttachStdin = true, AttachStdout = true, AttachStderr = true, Env = [.. environment], Cmd = [.. command] },
                    patience.Token);
                var stream = await client.Exec.StartContainerExecAsync(made.ID, new ContainerExecStartParameters(), patience.Token);
                return EngineProgram.Of(stream, () => ExecExitAsync(client, made.ID));
            }, cancellation);
        }
        catch (EngineException exception)
        {
            return EngineProgram.Refused($"Error response from daemon: {exception.Said}");
        }
    }

    /// <summary>Starts a container that was made before, its streams in the caller's hands from its first moment on.</summary>
    /// <returns>Its main process; one that has ended at once, with the engine's complaint, when the engine refused.</returns>
    internal async Task<IRunningProgram> StartAttachedAsync(string container, CancellationToken cancellation)
    {
        using var patience = Patience(cancellation);
        try
        {
            return await AskAsync($"start the container {container}", async client =>
            {
                var stream = await client.Containers.AttachContainerAsync(
                    container, new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true }, patience.Token);
                try
                {
                    var ending = await NextExitAsync(client, container, patience.Token);
                    await client.Containers.StartContainerAsync(container, new ContainerStartParameters(), patience.Token);
                    return EngineProgram.Of(stream, () => ContainerExitAsync(ending));
                }
                catch
                {
                    stream.Dispose();
                    throw;
                }
            }, cancellation);
        }
        catch (EngineException exception)
        {
            return EngineProgram.Refused($"Error response from daemon: {exception.Said}");
        }
    }

    /// <summary>A container's log.</summary>
    /// <param name="container">Its id or name.</param>
    /// <param name="lines">The last lines that are wanted.</param>
    /// <param name="since">Since when; null for its beginning.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    internal async Task<IRunningProgram> LogAsync(string container, int lines, DateTimeOffset? since, CancellationToken cancellation)
    {
        var wanted = new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Timestamps = true, Tail = $"{lines}" };
        if (since is { } time)
            wanted.Since = $"{time.ToUnixTimeSeconds()}.{time.Ticks % TimeSpan.TicksPerSecond * 100:000000000}";
        using var patience = Patience(cancellation);
        try
        {
            var stream = await AskAsync($"show the log of {container}", client => client.Containers.GetContainerLogsAsync(container, wanted, patience.Token), cancellation);
            return EngineProgram.Of(stream, () => Task.FromResult(0));
        }
        catch (EngineException exception)
        {
            return EngineProgram.Refused($"Error response from daemon: {exception.Said}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client?.Dispose();
        if (_http.IsValueCreated)
            _http.Value.Dispose();
        _agreeing.Dispose();
    }

    // JSON of another kind is read as a description of nothing.
    private static T Known<T>(T answer, string id) => id.Length > 0
        ? answer
        : throw new RunbookException("expected the Docker engine to describe what it was asked for, found an answer without an id", "see `docker version`");

    // For what Docker.DotNet waits for without a limit of its own: until the streams are there.
    private static CancellationTokenSource Patience(CancellationToken cancellation)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Limit);
        return patience;
    }

    private async Task<bool> RemoveAsync(string container, bool force, bool volumes, CancellationToken cancellation)
    {
        try
        {
            await AskAsync(
                $"remove the container {container}",
                client => client.Containers.RemoveContainerAsync(container, new ContainerRemoveParameters { Force = force, RemoveVolumes = volumes }, cancellation),
                cancellation);
            return true;
        }
        catch (EngineException exception) when (exception.Status == HttpStatusCode.NotFound || (exception.Status == HttpStatusCode.Conflict && IsBeingRemoved(exception)))
        {
            return false;
        }
    }

    // The engine is at it already, as one does whose container was to go with its end.
    private static bool IsBeingRemoved(EngineException exception) => exception.Said.Contains("already in progress", StringComparison.Ordinal);

    private static async Task<int> ExecExitAsync(DockerClient client, string exec)
    {
        using var patience = new CancellationTokenSource(Reaped);
        try
        {
            while (true)
            {
                var state = await client.Exec.InspectContainerExecAsync(exec, patience.Token);
                if (!state.Running && state.ExitCode is { } exitCode)
                    return (int)exitCode;
                await Task.Delay(10, patience.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or DockerApiException or HttpRequestException or JsonException)
        {
            // Whoever doesn't tell how it ended hasn't seen it succeed: the container may have gone with it.
            return 255;
        }
    }

    // Asked before it starts, as one that is removed with its end can't be asked afterwards. Docker.DotNet waits only for what doesn't run already, which is
    // true of one that isn't started yet ("Wait for a container", condition). The headers come as soon as the engine waits.
    private async Task<HttpResponseMessage> NextExitAsync(DockerClient client, string container, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v{client.Options.ApiVersion}/containers/{Uri.EscapeDataString(container)}/wait?condition=next-exit");
        var response = await _http.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new DockerApiException(response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
    }

    private static async Task<int> ContainerExitAsync(HttpResponseMessage ending)
    {
        using (ending)
        {
            try
            {
                using var answer = JsonDocument.Parse(await ending.Content.ReadAsStringAsync().WaitAsync(Reaped));
                return answer.RootElement.GetProperty("StatusCode").GetInt32();
            }
            catch (Exception exception) when (exception is TimeoutException or HttpRequestException or IOException or JsonException or InvalidOperationException or KeyNotFoundException)
            {
                return 255;
            }
        }
    }

    private async Task<IReadOnlyList<string>> ListImagesAsync(string filter, string value, CancellationToken cancellation)
    {
        var wanted = new ImagesListParameters { Filters = Filter(filter, value) };
        var list = await AskAsync("list images", client => client.Images.ListImagesAsync(wanted, cancellation), cancellation);
        return [.. list.OrderByDescending(image => image.Created).Select(image => image.ID)];
    }

    // {"label": {"a": true, "b": true}} (Docker Engine API, "filters").
    private static Dictionary<string, IDictionary<string, bool>> Filter(string key, params IEnumerable<string> values) =>
        new() { [key] = values.Distinct().ToDictionary(value => value, _ => true, StringComparer.Ordinal) };

    private async Task<T?> FindAsync<T>(string what, Func<DockerClient, Task<T>> ask, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await AskAsync(what, ask, cancellation);
        }
        catch (EngineException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task AskAsync(string what, Func<DockerClient, Task> ask, CancellationToken cancellation) => await AskAsync(what, async client =>
    {
        await ask(client);
        return true;
    }, cancellation);

    private async Task<T> AskAsync<T>(string what, Func<DockerClient, Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask(await ClientAsync(cancellation));
        }
        catch (DockerApiException exception)
        {
            throw new EngineException(what, exception.StatusCode, Said(exception.ResponseBody), exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Unreached(exception);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new RunbookException($"expected the Docker engine to {what}, found an answer that can't be read: {exception.Message}", "see `docker version`", inner: exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new RunbookException($"expected the Docker engine to {what} within {Limit.TotalSeconds:0} s, found silence", "see `docker info`", inner: exception);
        }
    }

    private static RunbookException Unreached(Exception exception)
    {
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is RunbookException told)
                return told;
        }
        return RunbookException.Refused(
            $"expected the Docker engine to answer, found: {exception.Message}",
            "see `docker info`; DOCKER_HOST or the docker context must name the engine that runs the deployment");
    }

    // {"message": "…"} (Docker Engine API, "Errors"); a proxy in between says what it likes.
    private static string Said(string? body)
    {
        try
        {
            if (body is not null && JsonDocument.Parse(body).RootElement is { ValueKind: JsonValueKind.Object } error
                && error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String)
                return Narration.Printable(message.GetString()!);
        }
        catch (JsonException)
        {
            // Then as it is.
        }
        var text = Narration.Printable(body?.Trim() ?? "");
        return text.Length > 300 ? text[..300] + "…" : text;
    }

    private async Task<DockerClient> ClientAsync(CancellationToken cancellation)
    {
        if (_client is { } agreed)
            return agreed;
        await _agreeing.WaitAsync(cancellation);
        try
        {
            return _client ??= Client(await VersionAsync(cancellation));
        }
        finally
        {
            _agreeing.Release();
        }
    }

    private DockerClient Client(Version version) => new DockerClientBuilder()
        .WithEndpoint(EngineTransport.Endpoint).WithApiVersion(version).WithTimeout(Limit).WithTransportOptions(_transport, _transport).Build();

    // By hand: an answer that is none of an engine's is shown as it is.
    private async Task<Version> VersionAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Limit);
        using var response = await _http.Value.GetAsync("/version", patience.Token);
        var answer = await response.Content.ReadAsStringAsync(patience.Token);
        return response.IsSuccessStatusCode ? EngineVersion.Agreed(answer) : throw new EngineException("tell its version", response.StatusCode, Said(answer));
    }
}
