using Runback.Runbook.Backups;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Backups;

public sealed class NamesTests
{
    private const string Hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    [Fact]
    public void A_dump_is_named_as_the_runbooks_script_names_it()
    {
        var name = new BackupName("cleaning", new DateTimeOffset(2025, 12, 20, 4, 5, 6, TimeSpan.FromHours(1)));
        Assert.Equal("pg_cleaning_20251220T030506Z.dump", name.File);
        Assert.Equal(name with { At = name.At.ToUniversalTime() }, BackupName.Parse(name.File));
    }

    [Theory]
    [InlineData("../../etc/passwd", "pg_.._.._etc_passwd_20251220T030506Z.dump")]
    [InlineData("a b\n", "pg_a_b__20251220T030506Z.dump")]
    public void A_hostile_database_name_stays_within_the_folder(string database, string expected)
    {
        var name = new BackupName(database, new DateTimeOffset(2025, 12, 20, 3, 5, 6, TimeSpan.Zero));
        Assert.Equal(expected, name.File);
        Assert.True(BackupName.Parse(name.File)!.IsOf(database));
    }

    [Theory]
    [InlineData("pg_cleaning_20251220T030506Z.dump.part")]
    [InlineData("pg_cleaning_20251320T030506Z.dump")]
    [InlineData("pg_cleaning.dump")]
    [InlineData("pg_cleaning_20251220T030506Z.dump\n")]
    public void Other_names_are_no_dumps(string file) => Assert.Null(BackupName.Parse(file));

    [Fact]
    public void An_underscore_in_a_database_name_does_not_mix_up_two_databases()
    {
        Assert.False(BackupName.Parse("pg_cleaning_old_20251220T030506Z.dump")!.IsOf("cleaning"));
        Assert.True(BackupName.Parse("pg_cleaning_old_20251220T030506Z.dump")!.IsOf("cleaning_old"));
    }

    [Theory]
    [InlineData($"{Hash}  a.dump\n")]
    [InlineData($"{Hash} *a.dump\n")]
    [InlineData($"{Hash}  ./backups/a.dump\n")]
    [InlineData($"{Hash}  /srv/back ups/a.dump\r\n")]
    [InlineData($"SHA256 (a.dump) = {Hash}\n")]
    public void Every_form_of_checksum_is_read(string text) => Assert.Equal(Hash, ChecksumFile.Parse(text, "a.dump"));

    [Theory]
    [InlineData("", "found none")]
    [InlineData("2cf2  a.dump", "found none")]
    [InlineData($"{Hash}  b.dump", "found that of b.dump")]
    public void A_checksum_that_is_none_or_of_another_file_is_refused(string text, string found) =>
        Assert.Contains(found, Assert.Throws<RunbookException>(() => ChecksumFile.Parse(text, "a.dump")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_checksum_that_is_written_is_the_one_that_is_read() => Assert.Equal(Hash, ChecksumFile.Parse(ChecksumFile.Line(Hash, "a.dump"), "a.dump"));

    [Theory]
    [InlineData("./backup.sh", "./backup.sh")]
    [InlineData("  a   b\tc ", "a|b|c")]
    [InlineData("a 'b  c' \"d \\\" $e\" f\\ g ''", "a|b  c|d \" $e|f g|")]
    [InlineData("a;b | c > $HOME *", "a;b|||c|>|$HOME|*")]
    [InlineData("'it'\\''s'", "it's")]
    public void A_command_is_split_without_a_shell(string line, string words) => Assert.Equal(words, string.Join('|', CommandLine.Split(line)));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("''")]
    [InlineData("a 'b")]
    [InlineData("a \"b")]
    [InlineData("a \\")]
    public void A_command_that_can_not_be_split_is_wrong_usage(string line) =>
        Assert.Equal(Outcome.Usage, Assert.Throws<RunbookException>(() => CommandLine.Split(line)).Outcome);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_234, "1.2 kB")]
    [InlineData(211_356_892, "211 MB")]
    [InlineData(1_132_705_459, "1.1 GB")]
    public void Sizes_read_as_people_write_them(long bytes, string expected) => Assert.Equal(expected, Bytes.Readable(bytes));
}
