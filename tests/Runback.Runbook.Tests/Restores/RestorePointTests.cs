using Runback.Runbook.Backups;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Restores;

public sealed class RestorePointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-points-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Latest_is_the_newest_dump_that_fits_and_has_a_checksum()
    {
        Add("20250101T000000Z", "a1");
        Add("20250102T000000Z", "a1");
        Add("20250103T000000Z", "a1", checksum: false);
        Add("20250104T000000Z", "b2");
        Add("20250105T000000Z", null);
        var chosen = Choose("latest", "a1");
        Assert.EndsWith("20250102T000000Z.dump", chosen.Backup.File, StringComparison.Ordinal);
        Assert.Empty(chosen.Warnings);
    }

    [Fact]
    public void When_none_fits_all_are_listed_with_what_is_known_of_them()
    {
        Add("20250103T000000Z", "a1", checksum: false);
        Add("20250104T000000Z", "b2");
        Add("20250105T000000Z", null);
        var error = Refused("latest", "a1");
        Assert.Contains(
            "pg_cleaning_20250105T000000Z.dump of 2025-01-05 00:00 UTC (revision not known); "
            + "pg_cleaning_20250104T000000Z.dump of 2025-01-04 00:00 UTC (revision b2, doesn't fit); "
            + "pg_cleaning_20250103T000000Z.dump of 2025-01-03 00:00 UTC (revision a1, no checksum)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_rollback_dumped_of_what_it_left_is_never_the_latest_and_can_be_named()
    {
        Add("20250103T000000Z", "a1");
        Add("20250104T000000Z", "a1", rollbackTo: "v1");
        Assert.EndsWith("20250103T000000Z.dump", Choose("latest", "a1").Backup.File, StringComparison.Ordinal);
        Assert.EndsWith("20250104T000000Z.dump", Choose("pg_cleaning_20250104T000000Z.dump", "a1").Backup.File, StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder, "pg_cleaning_20250103T000000Z.dump"));
        Assert.Contains("(revision a1, of what a rollback to v1 left)", Refused("latest", "a1").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_checksum_is_the_one_that_the_file_beside_the_dump_says_when_it_is_chosen()
    {
        Add("20250103T000000Z", "a1");
        var name = "pg_cleaning_20250103T000000Z.dump";
        Assert.Null(Choose("latest", "a1").Sha256);
        File.WriteAllText(Path.Combine(_folder, name + ".sha256"), ChecksumFile.Line(new string('b', 64), name));
        Assert.Equal(new string('b', 64), Choose("latest", "a1").Sha256);
        Assert.Equal(new string('b', 64), Choose(name, "a1").Sha256);
    }

    [Fact]
    public void Latest_and_the_restored_dump_under_whatever_name_are_the_point_that_was_restored_and_another_is_not()
    {
        Add("20250103T000000Z", "a1");
        Add("20250104T000000Z", "a1");
        var (first, second) = ("pg_cleaning_20250103T000000Z.dump", "pg_cleaning_20250104T000000Z.dump");
        File.WriteAllText(Path.Combine(_folder, first + ".sha256"), ChecksumFile.Line(new string('b', 64), first));
        File.WriteAllText(Path.Combine(_folder, second + ".sha256"), ChecksumFile.Line(new string('c', 64), second));
        var placed = new PlacedBackup("r1", first, new string('b', 64));
        Assert.True(RestorePoint.Means("latest", _folder, placed));
        Assert.True(RestorePoint.Means(first, _folder, placed));
        Assert.False(RestorePoint.Means(second, _folder, placed));
        Assert.True(RestorePoint.Means(Path.Combine(_folder, second), _folder, placed with { Sha256 = new string('c', 64) }));
        Assert.False(RestorePoint.Means(first, _folder, placed with { Sha256 = new string('c', 64) }));
        // It is gone by now: its name tells.
        Assert.True(RestorePoint.Means("pg_gone.dump", _folder, placed with { Dump = "pg_gone.dump" }));
        Assert.False(RestorePoint.Means("pg_other.dump", _folder, placed));
    }

    [Fact]
    public void An_empty_folder_says_so() => Assert.Contains("found none", Refused("latest", "a1").Message, StringComparison.Ordinal);

    [Fact]
    public void A_named_dump_is_found_by_its_path_or_in_the_folder_and_must_fit()
    {
        Add("20250104T000000Z", "b2");
        var name = "pg_cleaning_20250104T000000Z.dump";
        Assert.Equal(Path.Combine(_folder, name), Choose(name, "b2").Backup.File);
        Assert.Equal(Path.Combine(_folder, name), Choose(Path.Combine(_folder, name), "b2").Backup.File);
        Assert.Contains("found pg_cleaning_20250104T000000Z.dump with b2", Refused(name, "a1").Message, StringComparison.Ordinal);
        var missing = Refused("other.dump", "a1");
        Assert.Contains("expected a dump other.dump, found no such file", missing.Message, StringComparison.Ordinal);
        Assert.Contains("revision b2", missing.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_of_another_program_is_taken_when_it_is_named_with_a_warning()
    {
        Add("20250105T000000Z", null);
        Assert.Contains("taken by another program", Choose("pg_cleaning_20250105T000000Z.dump", "a1").Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_of_another_database_is_refused_and_one_of_another_cluster_is_warned_of()
    {
        Add("20250105T000000Z", "a1", database: "shop");
        Assert.Contains("found one of shop", Refused("pg_shop_20250105T000000Z.dump", "a1").Message, StringComparison.Ordinal);
        Add("20250104T000000Z", "a1", cluster: "7");
        Assert.Contains("another server (cluster 7; this is 8)", Choose("latest", "a1", "8").Warnings.Single(), StringComparison.Ordinal);
        Assert.Empty(Choose("latest", "a1", "7").Warnings);
    }

    [Fact]
    public void A_named_dump_without_a_checksum_is_refused()
    {
        Add("20250105T000000Z", "a1", checksum: false);
        Assert.Contains("expected the checksum of", Refused("pg_cleaning_20250105T000000Z.dump", "a1").Message, StringComparison.Ordinal);
    }

    private RestorePoint Choose(string point, string revision, string? cluster = null) =>
        RestorePoint.Choose(point, _folder, "cleaning", revisions => revisions.Contains(revision), cluster);

    private RunbookException Refused(string point, string revision)
    {
        var error = Assert.Throws<RunbookException>(() => Choose(point, revision));
        Assert.Equal(Outcome.Refused, error.Outcome);
        Assert.NotNull(error.Hint);
        return error;
    }

    private void Add(string at, string? revision, bool checksum = true, string database = "cleaning", string? cluster = null, string? rollbackTo = null)
    {
        var file = Path.Combine(_folder, $"pg_{database}_{at}.dump");
        File.WriteAllText(file, "x");
        if (checksum)
            File.WriteAllText(ChecksumFile.PathOf(file), "x");
        if (revision is not null)
            new BackupFacts { Run = "r", Database = database, Sha256 = new string('a', 64), Revisions = [revision], SystemIdentifier = cluster, RollbackTo = rollbackTo }.Write(file);
    }
}
