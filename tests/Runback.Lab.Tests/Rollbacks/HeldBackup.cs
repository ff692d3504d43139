using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>A backup script that says when it runs and takes the dump when it is let go; it ends with the program that called it.</summary>
internal sealed class HeldBackup : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-held-").FullName;

    public HeldBackup(LabFixture lab)
    {
        Script = Path.Combine(_folder, "held.sh");
        File.WriteAllText(Script, $"""
            #!/bin/sh
            touch '{_folder}/running'
            while [ -d /proc/$PPID ] && [ ! -e '{_folder}/go' ]; do sleep 0.1; done
            [ -e '{_folder}/go' ] || exit 1
            umask 077
            docker exec {lab.Options.Name}-db-1 pg_dump --username postgres --format custom cleaning > "$BACKUP_DIR/pg_cleaning_$(date -u +%Y%m%dT%H%M%SZ).dump"

            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Script { get; }

    public async Task RunsAsync()
    {
        while (!File.Exists(Path.Combine(_folder, "running")))
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    public void Release() => File.WriteAllText(Path.Combine(_folder, "go"), "");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
