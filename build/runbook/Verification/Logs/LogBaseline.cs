using System.Text;
using System.Text.Json;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification.Logs;

/// <summary>What the app services logged before the exchange, after which their containers and logs are gone: kept in the run's folder.</summary>
/// <param name="At">When it was read, UTC.</param>
/// <param name="Logs">The logs.</param>
public sealed record LogBaseline(DateTimeOffset At, IReadOnlyList<ContainerLog> Logs)
{
    private const string FolderName = "logs";
    private const string IndexName = "before.json";

    // What was deployed by others between an older run and now would be compared with what isn't the time before it.
    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(15);

    /// <summary>How long the time is that it tells of.</summary>
    public TimeSpan Time => Logs.Count == 0 ? TimeSpan.Zero : At - Logs.Min(log => log.Since);

    /// <summary>Whether any log could be read.</summary>
    public bool IsKnown => Logs.Any(log => log.Problem is null);

    /// <summary>The events of the time before, in groups.</summary>
    public IReadOnlyList<LogGroup> Groups(LogOptions options) => Grouped(Logs, options);

    /// <summary>Groups logs by service and shape.</summary>
    public static IReadOnlyList<LogGroup> Grouped(IEnumerable<ContainerLog> logs, LogOptions options) =>
        [.. logs.GroupBy(log => log.Service, StringComparer.Ordinal).SelectMany(group => LogGroup.Of(group.Key, group.SelectMany(log => log.Events), options))];

    /// <summary>Stores it: a text file for each stream, and an index.</summary>
    /// <param name="runFolder">The run's folder.</param>
    public void Write(string runFolder)
    {
        var folder = Path.Combine(runFolder, FolderName);
        PrivateFiles.CreateFolder(folder);
        List<Entry> entries = [];
        foreach (var log in Logs)
        {
            List<string> files = [];
            foreach (var lines in log.Streams)
            {
                var name = $"{log.Service}.{log.Container[..Math.Min(12, log.Container.Length)]}.{(files.Count == 0 ? "out" : "err")}.log";
                using var file = PrivateFiles.Create(Path.Combine(folder, name));
                foreach (var line in lines)
                    file.Write(Encoding.UTF8.GetBytes($"{line}\n"));
                files.Add(name);
            }
            entries.Add(new Entry(log.Service, log.Container, log.Since, files, log.Problem));
        }
        PrivateFiles.Replace(Path.Combine(folder, IndexName), JsonSerializer.Serialize(new Index(At, entries)));
    }

    /// <summary>Reads one back; null when there is none that can be read.</summary>
    /// <param name="runFolder">The run's folder.</param>
    public static LogBaseline? Read(string runFolder)
    {
        var folder = Path.Combine(runFolder, FolderName);
        try
        {
            return JsonSerializer.Deserialize<Index>(File.ReadAllText(Path.Combine(folder, IndexName))) is { } index
                ? new LogBaseline(index.At, [.. index.Logs.Select(entry => new ContainerLog(entry.Service, entry.Container, entry.Since, [.. entry.Files.Select(Lines)], entry.Problem))])
                : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }

        IReadOnlyList<LogLine> Lines(string name) => [.. File.ReadLines(Path.Combine(folder, Path.GetFileName(name))).Select(LogLine.TryParse).OfType<LogLine>()];
    }

    /// <summary>The newest one that a run kept just before the containers were made that run now; null when there is none.</summary>
    /// <param name="statePath">The deployment's state folder.</param>
    /// <param name="now">What the containers that run now logged.</param>
    /// <param name="made">When the first of them was made, UTC.</param>
    public static LogBaseline? Find(string statePath, IReadOnlyCollection<ContainerLog> now, DateTimeOffset made)
    {
        var runs = Path.Combine(statePath, "runs");
        if (!Directory.Exists(runs))
            return null;
        var last = Directory.EnumerateDirectories(runs).OrderDescending(StringComparer.Ordinal).Where(folder => File.Exists(Path.Combine(folder, FolderName, IndexName))).Select(Read).FirstOrDefault();
        return last is not null && last.At <= made && made - last.At <= Recently && !last.Logs.Any(log => now.Any(one => one.Container == log.Container)) ? last : null;
    }

    private sealed record Entry(string Service, string Container, DateTimeOffset Since, IReadOnlyList<string> Files, string? Problem);

    private sealed record Index(DateTimeOffset At, IReadOnlyList<Entry> Logs);
}
