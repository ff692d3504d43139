using Runback.Runbook.Backups;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Backups;

public sealed class CatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-catalog-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_newest_dump_of_the_database_is_found_and_the_newest_that_passed()
    {
        Add("pg_cleaning_20250101T000000Z.dump", VerifyLevel.Restore);
        Add("pg_cleaning_20250102T000000Z.dump", VerifyLevel.Checksum);
        Add("pg_cleaning_20250103T000000Z.dump", null);
        Add("pg_cleaning_old_20250104T000000Z.dump", VerifyLevel.Restore);
        File.WriteAllText(Path.Combine(_folder, "pg_cleaning_20250105T000000Z.dump.part"), "");
        Assert.EndsWith("0103T000000Z.dump", BackupCatalog.Latest(_folder, "cleaning")!.File, StringComparison.Ordinal);
        Assert.EndsWith("0102T000000Z.dump", BackupCatalog.LatestVerified(_folder, "cleaning")!.File, StringComparison.Ordinal);
        Assert.EndsWith("0101T000000Z.dump", BackupCatalog.LatestVerified(_folder, "cleaning", VerifyLevel.Restore)!.File, StringComparison.Ordinal);
        Assert.Null(BackupCatalog.Latest(_folder, "shop"));
        Assert.Null(BackupCatalog.Latest(Path.Combine(_folder, "none"), "cleaning"));
    }

    [Fact]
    public void Facts_read_back_as_they_were_written_and_are_their_owners_only()
    {
        var file = Path.Combine(_folder, "pg_cleaning_20250101T000000Z.dump");
        var facts = Facts(VerifyLevel.Decode) with { Tables = [new("public", "we\"ird", 7), new("public", "x", null)], Revisions = ["a"], Roles = ["r"] };
        facts.Write(file);
        var read = BackupFacts.Read(file)!;
        Assert.Equal(facts.Tables, read.Tables!);
        Assert.Equal(facts, read with { Tables = facts.Tables, Revisions = facts.Revisions, Roles = facts.Roles });
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(BackupFacts.PathOf(file)));
    }

    [Fact]
    public void Damaged_facts_are_an_error_for_who_reads_them_and_none_for_the_catalog()
    {
        Add("pg_cleaning_20250101T000000Z.dump", null);
        var file = Path.Combine(_folder, "pg_cleaning_20250101T000000Z.dump");
        File.WriteAllText(BackupFacts.PathOf(file), "{");
        Assert.Throws<RunbookException>(() => BackupFacts.Read(file));
        Assert.Null(BackupCatalog.Latest(_folder, "cleaning")!.Facts);
    }

    [Fact]
    public void The_likely_size_follows_the_last_dump()
    {
        Assert.Equal(400, DatabaseBackup.Likely([], 1000));
        var last = new Backup("x", default, 100, Facts(null) with { DatabaseBytes = 1000 });
        Assert.Equal(240, DatabaseBackup.Likely([last], 2000));
    }

    [Fact]
    public void Only_what_nobody_writes_any_more_is_cleaned_up()
    {
        var (stale, held, fresh, dump) = ("pg_a_20250101T000000Z.dump.part", "pg_a_20250102T000000Z.dump.part", "pg_a_20250103T000000Z.dump.part", "pg_a_20250101T000000Z.dump");
        foreach (var name in new[] { stale, held, fresh, dump, "notes.part" })
            File.WriteAllText(Path.Combine(_folder, name), "");
        using var holder = new FileStream(Path.Combine(_folder, held), FileMode.Open, FileAccess.Write, FileShare.Read);
        foreach (var name in new[] { stale, held, dump, "notes.part" })
            File.SetLastWriteTimeUtc(Path.Combine(_folder, name), DateTime.UtcNow.AddHours(-1));
        Assert.Equal([stale], new BackupFolder(_folder).RemoveLeftovers());
        Assert.Equal(4, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void A_restored_copy_is_compared_table_by_table()
    {
        var facts = Facts(null) with { Tables = [new("public", "a", 1203), new("public", "gone", 1), new("public", "uncounted", null)], Revisions = ["r1"], LargeObjects = 2 };
        var content = new RestoredContent([new("public", "a", 1190), new("public", "uncounted", 5), new("public", "extra", 0)], ["r2"], 2);
        Assert.Equal(
            [
                "expected 1,203 rows in public.a as when the dump was taken, found 1,190",
                "expected the table public.gone, found none",
                "expected no table public.extra, found one",
                "expected the revision r1, found r2",
            ], content.DifferencesFrom(facts));
        Assert.Empty(new RestoredContent(facts.Tables!, facts.Revisions, 2).DifferencesFrom(facts));
    }

    private void Add(string name, VerifyLevel? level)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, "x");
        Facts(level).Write(file);
    }

    private static BackupFacts Facts(VerifyLevel? level) => new()
    {
        Run = "r", Database = "cleaning", Sha256 = new string('a', 64),
        Verified = level is { } passed ? new BackupFacts.Verification(passed, DateTimeOffset.UnixEpoch, 1.5) : null,
    };
}
