using System.Text.Json.Nodes;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Restores;

/// <summary>Whether the application's database is one that a restore made: by the mark of the one that was put aside, or by the journal.</summary>
public sealed class PlacedBackupTests
{
    private const long Live = 24_600;
    private static readonly DateTimeOffset Noon = new(2025, 12, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly DatabaseMark Mark = new(RestoreStage.Before, "r1", "cleaning") { Dump = "pg.dump", Sha256 = "aa", Release = "v1", Snapshot = Noon, At = Noon.AddHours(1), Placed = Live };

    [Fact]
    public void The_mark_of_the_database_that_was_put_aside_names_the_one_that_took_its_place()
    {
        var placed = PlacedBackup.Find(Live, null, State(Mark), []);
        Assert.Equal(new PlacedBackup("r1", "pg.dump", "aa") { Release = "v1", Snapshot = Noon, At = Noon.AddHours(1), Kept = "cleaning_before_r1" }, placed);
    }

    [Fact]
    public void Any_other_database_under_the_name_is_none()
    {
        Assert.Null(PlacedBackup.Find(16_384, "7", State(Mark), [Run("7")]));
        Assert.Null(PlacedBackup.Find(Live, "7", State(Mark with { Stage = RestoreStage.Returned }), []));
        Assert.Null(PlacedBackup.Find(Live, "7", State(Mark with { Placed = null }), []));
    }

    [Fact]
    public void The_journal_tells_where_the_database_that_was_put_aside_is_gone_and_only_of_its_own_cluster()
    {
        var placed = PlacedBackup.Find(Live, "7", State(), [new RunRecord("r2"), Run("7")])!;
        Assert.Equal(("r1", "pg.dump", "aa", "v1", null), (placed.Run, placed.Dump, placed.Sha256, placed.Release, placed.Kept));
        Assert.Equal((Noon, Noon.AddHours(1)), (placed.Snapshot, placed.At));
        Assert.Equal(["n1"], placed.Revisions!);
        Assert.Null(PlacedBackup.Find(Live, "8", State(), [Run("7")]));
        Assert.Null(PlacedBackup.Find(Live, null, State(), [Run("7")]));
        Assert.Null(PlacedBackup.Find(Live, null, State(), [Run(null)]));
        Assert.Null(PlacedBackup.Find(Live, "7", State(), [Run("7") with { Beside = true }]));
    }

    private static RestoreState State(params DatabaseMark[] marks) =>
        new("cleaning", true, [.. marks.Select(mark => new MarkedDatabase("cleaning_before_r1", mark))], []);

    // As the journal has it: written and read again.
    private static RunRecord Run(string? cluster)
    {
        var swapped = new SwappedDatabase("cleaning", "cleaning_before_r1", Mark) { LookCommand = "", ReturnCommand = "", RemoveCommand = "", RemoveAsideCommand = "" };
        var line = new JsonObject();
        foreach (var (key, value) in PlacedBackup.Facts(swapped, ["n1"], cluster))
            line[key] = System.Text.Json.JsonSerializer.SerializeToNode(value);
        return new RunRecord("r1") { Changed = true, Moved = JsonNode.Parse(line.ToJsonString())!.AsObject() };
    }
}
