using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Processes;
using Runback.Runbook.Releases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Releases;

public sealed class LedgerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-ledger-").FullName;

    private Ledger Ledger => new(Path.Combine(_folder, ".runback", "releases.jsonl"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_missing_ledger_is_an_empty_history()
    {
        Assert.Empty(Ledger.Read().Events);
        Assert.Null(Ledger.Read().LastVerifiedGood);
    }

    [Fact]
    public void A_ledger_that_is_gone_though_runs_wrote_into_it_is_told()
    {
        var run = Directory.CreateDirectory(Path.Combine(_folder, ".runback", "runs", "r1")).FullName;
        File.WriteAllText(Path.Combine(run, "result.json"), """{"target": "Rollback", "outcome": "Refused"}""");
        Assert.Empty(Ledger.Read().Notes);
        File.WriteAllText(Path.Combine(run, "result.json"), """{"target": "Rollback", "outcome": "Done"}""");
        Assert.Contains("isn't there, though runs are kept", Assert.Single(Ledger.Read().Notes), StringComparison.Ordinal);
        var refusal = Assert.Throws<RunbookException>(() => Ledger.Read().RequirePrevious(RunningRelease.None));
        Assert.Contains("isn't there, though runs are kept", refusal.Message, StringComparison.Ordinal);
        Ledger.Append(Story.Verified("a"));
        Assert.Empty(Ledger.Read().Notes);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("mkfifo \"$1\"", "a named pipe")]
    [InlineData("mkdir \"$1\"", "a folder")]
    [InlineData("ln -s /dev/full \"$1\"", "a device")]
    public async Task What_is_no_file_is_no_ledger(string make, string said)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Ledger.Path)!);
        await Shell.Quiet.ReadAsync(new Command("sh", "-c", make, "sh", Ledger.Path), TestContext.Current.CancellationToken);
        var reading = Assert.Throws<RunbookException>(() => Ledger.Read());
        Assert.Equal(Runback.Runbook.Runs.Outcome.Refused, reading.Outcome);
        Assert.Contains(said, reading.Message, StringComparison.Ordinal);
        Assert.Throws<RunbookException>(() => Ledger.Append(Story.Verified("a")));
    }

    [Fact]
    public void Events_are_read_back_in_order_and_only_the_owner_may_read_them()
    {
        Ledger.Append(Story.Deployed("a"));
        Ledger.Append(Story.Verified("a") with { Heads = ["abc", "def"] });
        Ledger.Append(Story.Left("a") with { Why = "500s on \u00abbookings\u00bb\nand more" });
        var events = Ledger.Read().Events.ToList();
        Assert.Equal([typeof(Deployed), typeof(VerifiedGood), typeof(RolledBackFrom)], events.Select(entry => entry.GetType()));
        Assert.Equal(["abc", "def"], ((VerifiedGood)events[1]).Heads);
        Assert.Equal("500s on \u00abbookings\u00bb\nand more", ((RolledBackFrom)events[2]).Why);
        Assert.Equal(3, File.ReadAllLines(Ledger.Path).Length);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Ledger.Path));
    }

    [Fact]
    public void A_torn_last_line_is_told_and_the_next_event_is_whole()
    {
        Ledger.Append(Story.Verified("a"));
        Ledger.Append(Story.Verified("b"));
        var text = File.ReadAllText(Ledger.Path);
        File.WriteAllText(Ledger.Path, text[..^40]);
        var torn = Ledger.Read();
        Assert.Equal(["a"], torn.Events.Select(entry => entry.Tag));
        Assert.Equal("line 2 of the ledger is damaged; it is kept and ignored", Assert.Single(torn.Notes));

        Ledger.Append(Story.Verified("c"));
        Assert.Equal(["a", "c"], Ledger.Read().Events.Select(entry => entry.Tag));
        Assert.Single(Ledger.Read().Notes);
    }

    [Fact]
    public void Cut_anywhere_a_ledger_loses_only_its_last_line()
    {
        var lines = new LedgerEvent[] { Story.Verified("a"), Story.Left("b") with { Why = "\u00e9\u20ac" }, Story.Verified("c") }.Select(LedgerLine.Write).ToList();
        var bytes = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
        for (var length = 0; length < bytes.Length; length++)
        {
            var history = LedgerHistory.Parse(System.Text.Encoding.UTF8.GetString(bytes, 0, length));
            var whole = bytes.Take(length).Count(one => one == '\n');
            Assert.InRange(history.Events.Count(), whole, whole + 1);
            Assert.Equal(new[] { "a", "b", "c" }.Take(history.Events.Count()), history.Events.Select(entry => entry.Tag));
        }
    }

    [Theory]
    [InlineData("""{"version":2,"event":"verifiedGood","tag":"n","at":"2025-12-15T10:00:00Z","run":"r","digests":{}}""", "newer Runback")]
    [InlineData("""{"version":1,"event":"quarantined","tag":"n","at":"2025-12-15T10:00:00Z","run":"r","digests":{}}""", "'quarantined'")]
    [InlineData("""{"event":"verifiedGood","tag":"n"}""", "damaged")]
    [InlineData("""{"version":1,"event":"verifiedGood","tag":7,"at":"2025-12-15T10:00:00Z","run":"r"}""", "damaged")]
    [InlineData("""{"version":1,"event":"verifiedGood","tag":"n","at":"yesterday","run":"r"}""", "damaged")]
    [InlineData("[]", "damaged")]
    [InlineData("null", "damaged")]
    [InlineData("\u0000\u0000\u0000", "damaged")]
    public void What_this_version_does_not_know_is_told_and_ignored(string line, string said)
    {
        var history = LedgerHistory.Parse($"{LedgerLine.Write(Story.Verified("a"))}\n{line}\n{LedgerLine.Write(Story.Verified("b"))}\n");
        Assert.Equal(["a", "b"], history.Events.Select(entry => entry.Tag));
        Assert.Contains(said, Assert.Single(history.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_a_later_version_adds_do_no_harm()
    {
        var history = LedgerHistory.Parse("""{"version":1,"event":"verifiedGood","tag":"n","at":"2025-12-15T10:00:00Z","run":"r","digests":{"api":"x"},"score":{"a":[1]}}""");
        Assert.Equal("n", history.LastVerifiedGood?.Tag);
    }

    [Fact]
    public void Every_event_comes_back_from_its_line()
    {
        var texts = ArbMap.Default.GeneratorFor<NonEmptyString>().Select(text => text.Get.IsNormalized() ? text.Get : "t");
        var events = from tag in texts
                     from run in texts
                     from digest in texts
                     from seconds in Gen.Choose(0, int.MaxValue)
                     from kind in Gen.Choose(0, 3)
                     let digests = new Dictionary<string, string> { ["api"] = digest, [tag] = run }
                     let at = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds).AddTicks(seconds % 10_000_000)
                     select kind switch
                     {
                         0 => (LedgerEvent)new Deployed(tag, digests, at, run) { Heads = [tag, run] },
                         1 => new VerifiedGood(tag, digests, at, run) { Heads = [digest] },
                         2 => new RolledBackFrom(tag, digests, at, run) { Why = digest },
                         _ => new TrustedAgain(tag, digests, at, run) { By = run, Why = digest },
                     };
        Prop.ForAll(events.ToArbitrary(), entry =>
        {
            var line = LedgerLine.Write(entry);
            Assert.DoesNotContain('\n', line);
            var (read, reason) = LedgerLine.Read(line);
            Assert.Null(reason);
            Assert.Equal(entry.GetType(), read!.GetType());
            Assert.Equal((entry.Tag, entry.At, entry.Run), (read.Tag, read.At, read.Run));
            Assert.Equal(entry.Digests, read.Digests);
            Assert.Equal(line, LedgerLine.Write(read));
        }).Check(Seeded.Config);
    }

    [Fact]
    public void Any_line_is_read_without_an_error() =>
        Prop.ForAll<string?>(text => Assert.NotNull(LedgerHistory.Parse(text ?? "").Notes.ToList())).Check(Seeded.Config);
}
