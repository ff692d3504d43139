using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>The strategy ForwardFix, by the program itself on a real stack: a migration is written, tried with both releases, and handed out.</summary>
[Collection("lab")]
public sealed class ForwardFixTests(LabFixture lab) : IDisposable
{
    private readonly Production _production = new(lab);
    private readonly string _output = Directory.CreateTempSubdirectory("runback-fix-").FullName;

    public void Dispose() => Directory.Delete(_output, recursive: true);

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task A_renamed_and_a_dropped_column_are_mended_for_both_releases_and_production_stays_as_it_is()
    {
        await BringAsync(Production.Breaking);
        var before = await _production.SnapshotAsync();
        var bookings = await _production.BookingsAsync();

        var fix = await FixAsync();

        Assert.True(fix.ExitCode == 0, fix.ToString());
        Assert.Equal(("Done", "ForwardFix"), (fix.Text("outcome"), fix.Text("strategy")));
        var file = Assert.Single(Directory.EnumerateFiles(_output, "*.py"));
        var kept = Path.Combine(Path.GetDirectoryName(fix.Text("report")!)!, "forward-fix", Path.GetFileName(file));
        Assert.Equal(File.ReadAllText(file), File.ReadAllText(kept));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));
        var text = File.ReadAllText(file);
        Assert.All([$"\"{Production.BreakingRevision}\"", "status", "access_notes"], part => Assert.Contains(part, text.Replace('\'', '"'), StringComparison.Ordinal));
        Assert.All([Production.Good, Production.Breaking], tag => Assert.Matches($@"{tag}.*\bok\b", fix.Said));
        Assert.Contains(fix.Json["kept"]!.AsArray(), entry => entry!.ToString().Contains(kept, StringComparison.Ordinal));
        Assert.Equal(before, await _production.SnapshotAsync());
        Assert.Equal(bookings, await _production.BookingsAsync());
        await _production.AssertNothingLeftAsync();
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task What_a_migration_can_not_bring_back_is_named_and_left_to_a_person()
    {
        await BringAsync(Production.Raising);
        var before = await _production.SnapshotAsync();

        var fix = await FixAsync();

        Assert.True(fix.ExitCode == 3, fix.ToString());
        Assert.Contains("invoices", fix.Said, StringComparison.Ordinal);
        Assert.Contains("Not covered", fix.Said, StringComparison.Ordinal);
        Assert.Contains("to do:", fix.Said, StringComparison.Ordinal);
        Assert.Equal(before, await _production.SnapshotAsync());
        await _production.AssertNothingLeftAsync();
    }

    private async Task BringAsync(string release) => await _production.BringAsync(release, migratedBy: release);

    // The dump is written elsewhere: all else must stay.
    private Task<Ended> FixAsync() =>
        _production.RunAsync("Rollback", "--tag", Production.Good, "--strategy", "ForwardFix", "--output", _output, "--backup-directory", _output);
}
