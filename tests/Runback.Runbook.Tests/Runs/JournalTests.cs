using System.Text.Json.Nodes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Runs;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class JournalTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"runback-journal-{Guid.NewGuid():N}.jsonl");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Every_event_is_one_json_object_on_one_line_with_its_time()
    {
        using (var journal = Journal.Open(_file, new Secrets()))
        {
            journal.Write("one", ("text", "two\nlines \"quoted\" \u20ac"), ("list", new[] { "a", "b" }), ("nothing", null));
            journal.Note("two");
        }
        var lines = File.ReadAllLines(_file).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.Equal(["one", "two"], lines.Select(line => line["event"]!.GetValue<string>()));
        Assert.Equal("two\nlines \"quoted\" \u20ac", lines[0]["text"]!.GetValue<string>());
        Assert.Equal(2, lines[0]["list"]!.AsArray().Count);
        Assert.All(lines, line => Assert.True(DateTimeOffset.TryParse(line["at"]!.GetValue<string>(), out var at) && at.Offset == TimeSpan.Zero));
    }

    [Fact]
    public void What_is_written_can_be_read_while_the_run_goes_on()
    {
        using var journal = Journal.Open(_file, new Secrets());
        journal.Write("begin");
        using var reader = new StreamReader(new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        Assert.Contains("\"event\":\"begin\"", reader.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_its_owner_may_read_it_and_no_secret_is_in_it()
    {
        var secrets = new Secrets();
        secrets.Add("hunt\"er2");
        using (var journal = Journal.Open(_file, secrets))
            journal.Write("ran", ("command", "psql password=hunt\"er2"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file));
        Assert.Contains("password=***", File.ReadAllText(_file), StringComparison.Ordinal);
        Assert.NotNull(JsonNode.Parse(File.ReadAllText(_file)));
    }

    [Fact]
    public void A_change_ends_once_as_made_failed_or_left()
    {
        using (var journal = Journal.Open(_file, new Secrets()))
        {
            using (var made = journal.Begin("make"))
                made.Succeeded();
            using (var failed = journal.Begin("break"))
                failed.Failed("it broke");
            using (journal.Begin("leave"))
            {
            }
        }
        var lines = File.ReadAllLines(_file).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(["change 1", "changed 1", "change 2", "failed 2", "change 3", "failed 3"], lines.Select(line => $"{line["event"]} {line["number"]}"));
        Assert.Equal("it broke", lines[3]["why"]!.GetValue<string>());
    }

    [Fact]
    public void Events_of_many_threads_stay_whole_lines()
    {
        using (var journal = Journal.Open(_file, new Secrets()))
            Parallel.For(0, 400, number => journal.Note("event", ("number", number), ("text", new string('x', 500))));
        Assert.Equal(Enumerable.Range(0, 400), File.ReadAllLines(_file).Select(line => JsonNode.Parse(line)!["number"]!.GetValue<int>()).Order());
    }

    [Fact]
    public void A_journal_that_keeps_nothing_takes_everything()
    {
        Journal.None.Write("anything");
        using var change = Journal.None.Begin("anything");
        change.Succeeded();
    }
}
