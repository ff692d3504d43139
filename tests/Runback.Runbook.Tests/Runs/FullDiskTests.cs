using System.Text.Json.Nodes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Runs;

/// <summary>A journal, a result and a run folder that can't be written any more.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class FullDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-full-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Before_anything_is_changed_a_journal_that_cannot_be_written_refuses()
    {
        // The kernel's own full disk (full(4)).
        using var journal = new Journal(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0), new Secrets());
        var refused = Assert.Throws<RunbookException>(() => journal.Write("changing"));
        Assert.Equal(Outcome.Refused, refused.Outcome);
        Assert.Contains("No space left", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Afterwards_it_stops_nothing_and_is_said_once()
    {
        var said = new List<string>();
        using var journal = new Journal(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0), new Secrets()) { Trouble = said.Add };
        journal.StopNothing();
        journal.Write("one");
        using (var change = journal.Begin("docker stop api"))
            change.Succeeded();
        journal.Note("two");
        Assert.Contains("No space left", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_kept_in_memory_is_written_at_the_end_when_there_is_room_again()
    {
        var file = Path.Combine(_folder, "journal.jsonl");
        using (var disk = new FillingDisk(file))
        using (var journal = new Journal(disk, new Secrets()))
        {
            journal.Write("one");
            journal.StopNothing();
            disk.IsFull = true;
            journal.Write("two");
            journal.Write("three");
            disk.IsFull = false;
            journal.Write("four");
        }
        var lines = File.ReadAllLines(file).Where(line => line.StartsWith('{') && line.EndsWith('}')).Select(line => JsonNode.Parse(line)!["event"]!.ToString());
        Assert.Equal(["one", "two", "three", "four"], lines);
    }

    [Fact]
    public void A_run_whose_folder_is_gone_ends_as_it_did_and_prints_its_document()
    {
        var said = new StringWriter();
        using var run = Run.Begin(Path.Combine(_folder, ".runback"), "Rollback", new Narration(said, new Secrets()), new Secrets(), dryRun: false);
        run.Journal.Write("changing", ("to", "v1"));
        run.Journal.StopNothing();
        Directory.Delete(run.Folder!, recursive: true);
        run.Result.Outcome = Outcome.Returned;

        var document = JsonNode.Parse(run.End())!;

        Assert.Equal(("Returned", 4), (document["outcome"]!.ToString(), document["exitCode"]!.GetValue<int>()));
        Assert.Null(document["report"]);
        Assert.Contains("result.json can't be written", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_cannot_be_replaced_is_a_warning_and_the_exit_code_stays()
    {
        var said = new StringWriter();
        using var run = Run.Begin(Path.Combine(_folder, ".runback"), "Rollback", new Narration(said, new Secrets()), new Secrets(), dryRun: false);
        Directory.CreateDirectory(Path.Combine(run.Folder!, "result.json", "in the way"));
        Assert.Equal(0, JsonNode.Parse(run.End())!["exitCode"]!.GetValue<int>());
        Assert.Contains("result.json can't be written", said.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A file on a disk that fills up halfway through a line, and gets room again.</summary>
    private sealed class FillingDisk(string path) : MemoryStream
    {
        private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);

        public bool IsFull { get; set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _file.Write(IsFull ? buffer[..(buffer.Length / 2)] : buffer);
            if (IsFull)
                throw new IOException("No space left on device");
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        protected override void Dispose(bool disposing)
        {
            _file.Dispose();
            base.Dispose(disposing);
        }
    }
}
