using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Backups;

/// <summary>A backup folder of a test's own, and short ways to take and verify dumps in it.</summary>
public sealed class BackupWorkshop : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("runback-backups-").FullName;

    public string Run { get; } = $"test-{Guid.NewGuid():N}"[..16];

    public async Task<Backup> TakeAsync(PostgresServer server, CancellationToken cancellation, Func<BackupRequest, BackupRequest>? but = null)
    {
        var request = new BackupRequest(Folder, Run);
        return (await new DatabaseBackup(server, Shell.Quiet).TakeAsync(but?.Invoke(request) ?? request, cancellation))!;
    }

    public Task<VerifiedBackup> VerifyAsync(string file, VerifyLevel level, CancellationToken cancellation, string database = ProductionDatabase.Database) =>
        new BackupVerification(Shell.Quiet).VerifyAsync(new VerifyRequest(file, database, level, ProductionDatabase.Image, "test", Run), cancellation);

    /// <summary>Takes a dump with pg_dump itself, with the checksum that belongs to it and no facts.</summary>
    public async Task<string> DumpByHandAsync(PostgresServer server, string name, CancellationToken cancellation, params string[] arguments)
    {
        var file = Path.Combine(Folder, name);
        await using (var process = await Shell.StartAsync(server.Program("pg_dump", "by-hand", ["--format=custom", .. arguments])))
        {
            process.Input.Close();
            await using var target = PrivateFiles.Create(file);
            await process.Output.CopyToAsync(target, cancellation);
            Assert.Equal(0, await process.WaitAsync(cancellation));
        }
        await ChecksumAsync(file);
        return file;
    }

    /// <summary>Writes the checksum of whatever a file holds now.</summary>
    public static async Task ChecksumAsync(string file)
    {
        await using var source = File.OpenRead(file);
        var hash = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(source));
        await File.WriteAllTextAsync(ChecksumFile.PathOf(file), ChecksumFile.Line(hash, Path.GetFileName(file)));
    }

    /// <summary>The scratch containers of this test, in any state.</summary>
    public async Task<string> ContainersAsync() =>
        await Shell.Quiet.ReadAsync(new Command("docker", "ps", "--all", "--quiet", "--filter", $"label={ScratchServer.Label}={Run}"), CancellationToken.None);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
