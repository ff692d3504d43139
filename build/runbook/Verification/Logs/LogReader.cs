using System.Text;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification.Logs;

/// <summary>What a container logged.</summary>
/// <param name="Service">Its service.</param>
/// <param name="Container">Its id.</param>
/// <param name="Since">Since when was looked, UTC.</param>
/// <param name="Streams">The lines of standard output and of standard error, each oldest first.</param>
/// <param name="Problem">Why the log can't be read, or null.</param>
public sealed record ContainerLog(string Service, string Container, DateTimeOffset Since, IReadOnlyList<IReadOnlyList<LogLine>> Streams, string? Problem)
{
    /// <summary>Its events.</summary>
    public IEnumerable<LogEvent> Events => Streams.SelectMany(LogEvent.Of);
}

/// <summary>Reads containers' logs, however much they hold: the last lines, each cut at some length, every secret of their environment masked before anything else is done with them.</summary>
/// <param name="secrets">What is masked besides.</param>
public sealed class LogReader(Secrets secrets)
{
    private const int MostLines = 20_000;
    private const int MostBytes = 16 << 20;
    private const int LongestLine = 4096;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The logs of the app services' containers.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="project">Its Compose project's name.</param>
    /// <param name="engine">The engine it runs on.</param>
    /// <param name="window">How far back is looked at most.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<IReadOnlyList<ContainerLog>> ReadAsync(Deployment deployment, string project, EngineApi engine, TimeSpan window, CancellationToken cancellation)
    {
        var containers = await engine.ContainersAsync(cancellation, $"{Labels.Project}={project}", $"{Labels.OneOff}=False");
        var earliest = DateTimeOffset.UtcNow - window;
        return await Task.WhenAll(containers
            .Select(container => (Container: container, Service: container.Labels.GetValueOrDefault(Labels.Service) ?? ""))
            .Where(one => deployment.Services.Contains(one.Service, StringComparer.Ordinal))
            .Select(one => OneAsync(deployment, one.Service, one.Container, one.Container.CreatedAt > earliest ? one.Container.CreatedAt : earliest, cancellation)));
    }

    private async Task<ContainerLog> OneAsync(Deployment deployment, string service, Container container, DateTimeOffset since, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Limit);
        var mask = Masking(deployment, container.Environment);
        await using var command = await Shell.StartAsync(EngineWay.Log(EngineApi.Shared, container.Id, MostLines, since), cancellation);
        await using var ending = deadline.Token.Register(command.Kill);
        var streams = await Task.WhenAll(LinesAsync(command.Output), LinesAsync(command.ErrorOutput));
        var code = await command.WaitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        var lines = streams.Select(stream => stream.Select(line => LogLine.TryParse(mask(line))).OfType<LogLine>().ToList()).ToList();
        // A log that is too long or too slow is read as far as it goes.
        var complaint = code == 0 || deadline.IsCancellationRequested || lines.Exists(stream => stream.Count > 0) ? null : string.Join(' ', streams[1].Select(mask));
        return new ContainerLog(service, container.Id, since, lines, complaint is null ? null : Narration.Printable(complaint));
    }

    // What the container was given, its image's own variables too. A line that was cut may end within a secret.
    internal Func<LoggedLine, string> Masking(Deployment deployment, IEnumerable<string> environment)
    {
        var own = new Secrets();
        var names = new ApplicationNames(deployment);
        own.Add(secrets.Values);
        own.Add(ServiceSecrets.Of(environment.Select(variable => variable.Split('=', 2)).Where(parts => parts.Length == 2).Select(parts => KeyValuePair.Create(parts[0], parts[1]))).Where(value => !names.Have(value)));
        return line => line.IsCut ? own.MaskCut(line.Text) : own.Mask(line.Text);
    }

    internal static async Task<List<LoggedLine>> LinesAsync(Stream stream)
    {
        List<LoggedLine> lines = [];
        var line = new MemoryStream();
        var isCut = false;
        var buffer = new byte[1 << 16];
        long total = 0;
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            total += read;
            // What comes after is read and dropped, so that the command can end.
            for (var at = 0; at < read && total <= MostBytes; at++)
            {
                if (buffer[at] == '\n')
                {
                    lines.Add(new LoggedLine(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length), isCut));
                    line.SetLength(0);
                    isCut = false;
                }
                else if (line.Length < LongestLine)
                {
                    line.WriteByte(buffer[at]);
                }
                else
                {
                    isCut = true;
                }
            }
        }
        if (line.Length > 0)
            lines.Add(new LoggedLine(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length), IsCut: true));
        return lines;
    }

    /// <summary>A line as it was read.</summary>
    /// <param name="Text">Its text.</param>
    /// <param name="IsCut">Whether its end is missing.</param>
    internal readonly record struct LoggedLine(string Text, bool IsCut);
}
