namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>A backup can be written: the folder is there and takes a file. Whether it has room is judged with the database's size when the dump begins.</summary>
public sealed class BackupFolderGate : IGate
{
    /// <inheritdoc/>
    public string Name => "backup folder";

    /// <inheritdoc/>
    public Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation) => Task.FromResult(Judge(context.Deployment.BackupPath));

    private GateResult Judge(string folder)
    {
        if (!Directory.Exists(folder))
            return new GateResult(Name, false, $"expected the folder {folder}, found none", $"mkdir -m 700 {Processes.Command.Quote(folder)}");
        var probe = Path.Combine(folder, $".runback-{Guid.NewGuid():N}");
        try
        {
            using var file = new FileStream(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
            return new GateResult(Name, true, $"{folder} is writable");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new GateResult(Name, false, $"expected to be able to write into {folder}, found: {exception.Message}", "make it writable, or run as its owner");
        }
    }
}
