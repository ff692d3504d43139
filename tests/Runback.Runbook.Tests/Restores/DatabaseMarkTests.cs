using Runback.Runbook.Restores;

namespace Runback.Runbook.Tests.Restores;

public sealed class DatabaseMarkTests
{
    [Fact]
    public void A_mark_reads_back_as_it_was_written()
    {
        var mark = new DatabaseMark(RestoreStage.Before, "r1", "it's \"x\"")
        {
            Dump = "pg_x.dump", Sha256 = "aa", Snapshot = DateTimeOffset.UnixEpoch, At = DateTimeOffset.UnixEpoch.AddDays(1),
            Was = new DatabaseMark.ServingState(-1, "a 'comment'\nof two lines", null), Release = "v1", Placed = 24_600,
        };
        Assert.Equal(mark, DatabaseMark.Parse(mark.ToString()));
        Assert.DoesNotContain('\n', mark.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("our shop")]
    [InlineData("Runback keeps this: ")]
    [InlineData("Runback keeps this: nothing")]
    [InlineData("Runback keeps this: {}")]
    [InlineData("Runback keeps this: null")]
    [InlineData("Runback keeps this: {\"stage\":\"Restoring\",\"run\":null,\"database\":\"x\"}")]
    [InlineData("Runback keeps this: {\"stage\":\"Other\",\"run\":\"r\",\"database\":\"x\"}")]
    public void Any_other_comment_is_no_mark(string? comment) => Assert.Null(DatabaseMark.Parse(comment));
}
