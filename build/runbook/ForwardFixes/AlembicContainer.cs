using System.Formats.Tar;
using System.Text;
using Docker.DotNet.Models;
using Runback.Runbook.Backups;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;

namespace Runback.Runbook.ForwardFixes;

/// <summary>What an Alembic container is made of.</summary>
/// <param name="Image">The image, on the engine's host.</param>
/// <param name="Command">How Alembic is called in it: <c>alembic</c>, or <c>python -m alembic</c> as separate words.</param>
/// <param name="Run">The run that it works for.</param>
/// <param name="Deployment">The deployment that it works for.</param>
public sealed record AlembicContainerOptions(string Image, IReadOnlyList<string> Command, string Run, string Deployment)
{
    /// <summary>The network that it joins; null for none at all.</summary>
    public string? Network { get; init; }

    /// <summary>Its environment.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>The user that it runs as; null for the image's own, who often may not write its migrations.</summary>
    public string? User { get; init; }
}

/// <summary>
/// A throw-away container of a release's image in which one Alembic command runs: made, given files, run, read, removed. Files go in and out by the
/// Engine API, never by a mount: the engine may be on another host.
/// </summary>
public sealed class AlembicContainer : IAsyncDisposable
{
    private readonly string _name;
    private readonly Shell _shell;
    private readonly EngineApi _engine;

    private AlembicContainer(string name, string workingDirectory, Shell shell, EngineApi engine) =>
        (_name, WorkingDirectory, _shell, _engine) = (name, workingDirectory, shell, engine);

    /// <summary>The folder that the command starts in.</summary>
    public string WorkingDirectory { get; }

    /// <summary>Makes one; it isn't started yet.</summary>
    /// <exception cref="Runs.RunbookException">The image isn't there, or the container can't be made.</exception>
    public static async Task<AlembicContainer> CreateAsync(
        AlembicContainerOptions options, IReadOnlyList<string> arguments, Shell shell, EngineApi engine, CancellationToken cancellation)
    {
        var image = await engine.ImageAsync(options.Image, cancellation)
            ?? throw Runs.RunbookException.Refused($"expected the image {options.Image} on the engine's host, found none", $"docker pull {options.Image}");
        var name = ScratchContainer.NewName();
        cancellation.ThrowIfCancellationRequested();
        await engine.CreateAsync(new CreateContainerParameters
        {
            Name = name,
            Image = options.Image,
            User = options.User ?? "",
            Entrypoint = [options.Command[0]],
            Cmd = [.. options.Command.Skip(1), .. arguments],
            Env = [.. options.Environment.Select(variable => $"{variable.Key}={variable.Value}")],
            Labels = new Dictionary<string, string> { [Labels.Scratch] = options.Run, [ScratchServer.DeploymentLabel] = options.Deployment },
            HostConfig = new HostConfig { NetworkMode = options.Network ?? "none", CapDrop = ["ALL"], CapAdd = ["DAC_OVERRIDE"], SecurityOpt = ["no-new-privileges"] },
        });
        return new AlembicContainer(name, image.WorkingDirectory, shell, engine);
    }

    /// <summary>Puts a file into it, readable by everybody.</summary>
    /// <param name="folder">The folder, which must exist; relative to the working directory when not absolute.</param>
    /// <param name="file">The file's bare name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="cancellation">Ends the writing.</param>
    public async Task CopyInAsync(string folder, string file, string text, CancellationToken cancellation)
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, file)
            {
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
            }, cancellation);
        }
        await _engine.PutArchiveAsync(_name, Full(folder), tar.ToArray(), cancellation);
    }

    /// <summary>Starts it and waits for its end.</summary>
    /// <returns>How the command ended. Its standard output and error are kept apart.</returns>
    public Task<CommandResult> RunAsync(CancellationToken cancellation) => _shell.TryAsync(EngineWay.StartAttached(_engine, _name), cancellation);

    /// <summary>A file or folder of it as a tar archive, running or not; null when there is none.</summary>
    /// <param name="path">Its path; relative to the working directory when not absolute.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public Task<byte[]?> CopyOutAsync(string path, CancellationToken cancellation) => _engine.ContainerArchiveAsync(_name, Full(path), cancellation);

    /// <summary>Removes it, whatever its state.</summary>
    public async ValueTask DisposeAsync() => await ScratchContainer.RemoveAsync(_name);

    private string Full(string path) => path.StartsWith('/') ? path : $"{WorkingDirectory.TrimEnd('/')}/{path}";
}
