using Runback.Runbook.Backups;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Reports.Sections;

/// <summary>The backup that was taken or verified, and how to look at it again.</summary>
public sealed class BackupSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Backup";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        if (model.Result.Get("backup") is not { } backup || backup.Text("file") is not { } file)
            yield break;
        var level = backup.Text("level");
        var facts = new List<Fact>
        {
            new("File", Cell.Code(file)),
            new("Size", backup.Number("bytes") is { } bytes ? $"{Bytes.Readable(bytes)} ({bytes:N0} bytes)" : "not known"),
            new("SHA-256", Cell.Code(backup.Text("sha256") ?? "")),
            new("Verified", level is null ? Cell.Of(Tone.Caution, "no") : Cell.Of(Tone.Good, Meaning(level))),
        };
        if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
            facts.Add(new("Check it again", Cell.Code($"cd {Command.Quote(folder)} && sha256sum -c {Command.Quote(Path.GetFileName(file) + ".sha256")}")));
        yield return new FactList(facts);
    }

    private static string Meaning(string level) => level switch
    {
        "Checksum" => "Checksum: the file is as it was written",
        "Decode" => "Decode: checksum, and the whole dump was read by pg_restore",
        "Restore" => "Restore: checksum, decoded, restored into a scratch server and compared with the counts of the dump's own snapshot",
        _ => level,
    };
}
