using System.Security.Cryptography;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills.Beside;

/// <summary>A container of the original.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id.</param>
/// <param name="Image">Its image's id.</param>
/// <param name="State">running, exited, …</param>
/// <param name="StartedAt">When it was last started, UTC.</param>
public sealed record ContainerFacts(string Name, string Id, string Image, string State, DateTimeOffset StartedAt);

/// <summary>What a drill beside a deployment must leave as it is, read before and after it.</summary>
/// <param name="At">When it was read, UTC.</param>
/// <param name="Containers">The project's containers, by name.</param>
/// <param name="Files">The SHA-256 of its compose files and its env file, by path.</param>
/// <param name="Revisions">The revisions in its database; null when they can't be read.</param>
/// <param name="Rows">The rows of each table, which production's own traffic may change; a table that can't be counted within seconds has none.</param>
public sealed record ProductionState(
    DateTimeOffset At, IReadOnlyList<ContainerFacts> Containers, IReadOnlyDictionary<string, string> Files, IReadOnlyList<string>? Revisions, IReadOnlyList<TableRows> Rows)
{
    // Counting is for the report: it must not be what production's users notice.
    private static readonly TimeSpan CountLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CountAll = TimeSpan.FromSeconds(20);

    /// <summary>Reads it.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="project">Its Compose project's name.</param>
    /// <param name="engine">The engine that it runs on.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="RunbookException">The engine doesn't answer.</exception>
    public static async Task<ProductionState> ReadAsync(Deployment deployment, string project, EngineApi engine, CancellationToken cancellation)
    {
        var containers = await engine.ContainersAsync(cancellation, $"{Labels.Project}={project}", $"{Labels.OneOff}=False");
        var (revisions, rows) = await DatabaseAsync(deployment, cancellation);
        return new ProductionState(
            DateTimeOffset.UtcNow,
            [.. containers.Select(one => new ContainerFacts(one.Name, one.Id, one.ImageId, one.State, one.StartedAt)).OrderBy(one => one.Name, StringComparer.Ordinal)],
            deployment.ComposeFiles.Select(file => Path.GetFullPath(file, deployment.Directory)).Append(deployment.EnvFilePath).Append(deployment.OverridePath)
                .Distinct(StringComparer.Ordinal).ToDictionary(file => file, Hash, StringComparer.Ordinal),
            revisions, rows);
    }

    /// <summary>What is otherwise than before, a sentence each. Rows aren't compared: production's users write.</summary>
    public IReadOnlyList<string> DifferencesFrom(ProductionState before)
    {
        var differences = new List<string>();
        var now = Containers.ToDictionary(one => one.Name, StringComparer.Ordinal);
        foreach (var was in before.Containers)
        {
            if (!now.Remove(was.Name, out var one))
                differences.Add($"the container {was.Name} is gone");
            else if (one.Id != was.Id)
                differences.Add($"{was.Name} is another container");
            else if (one.StartedAt != was.StartedAt)
                differences.Add($"{was.Name} was started at {one.StartedAt:HH:mm:ss} UTC");
            else if (one.State != was.State)
                differences.Add($"{was.Name} was {was.State}, and is {one.State}");
            else if (one.Image != was.Image)
                differences.Add($"{was.Name} runs another image");
        }
        differences.AddRange(now.Keys.Select(name => $"there is a new container {name}"));
        differences.AddRange(before.Files.Where(was => Files.GetValueOrDefault(was.Key) != was.Value).Select(was => $"{was.Key} has changed"));
        if (!(Revisions ?? []).SequenceEqual(before.Revisions ?? [], StringComparer.Ordinal))
            differences.Add($"the database was at {Names(before.Revisions)}, and is at {Names(Revisions)}");
        return differences;
    }

    private static string Names(IReadOnlyList<string>? revisions) => revisions is null ? "an unknown revision" : string.Join(", ", revisions);

    private static string Hash(string file)
    {
        if (!File.Exists(file))
            return "none";
        using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private static async Task<(IReadOnlyList<string>? Revisions, IReadOnlyList<TableRows> Rows)> DatabaseAsync(Deployment deployment, CancellationToken cancellation)
    {
        IReadOnlyList<string>? revisions = null;
        var rows = new List<TableRows>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(CountAll);
        try
        {
            var server = await PostgresServer.OfAsync(deployment, Shell.Quiet, cancellation);
            revisions = (await AlembicVersion.ReadAsync(server, cancellation)).Revisions;
            foreach (var table in await TableRows.ListAsync(server, cancellation))
                rows.Add(limit.IsCancellationRequested ? table : await CountAsync(table, server.Within(CountLimit), limit.Token, cancellation));
        }
        catch (RunbookException)
        {
            // What can't be read is unknown before and after.
        }
        return (revisions, rows);
    }

    private static async Task<TableRows> CountAsync(TableRows table, PostgresServer server, CancellationToken limit, CancellationToken cancellation)
    {
        try
        {
            return await table.CountAsync(server, limit);
        }
        catch (Exception exception) when (exception is RunbookException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return table;
        }
    }
}
