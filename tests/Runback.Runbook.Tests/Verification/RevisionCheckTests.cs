using Runback.Runbook.Engines;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Deployments;
using Runback.Runbook.Verification;
using History = Runback.Runbook.Tests.Migrations.History.Revisions;

namespace Runback.Runbook.Tests.Verification;

public sealed class RevisionCheckTests
{
    private static readonly RevisionGraph Graph = History.Graph("a", "b <- a", "c <- b", "d <- b");

    [Theory]
    [InlineData("b", null, true, "b")]
    [InlineData("c d", null, true, "c, d")]
    [InlineData("c d", "d c", true, "c, d")]
    [InlineData("c d", "c", false, "c, d")]
    [InlineData("", null, false, "none")]
    [InlineData("b c", null, false, "b beside c")]
    // What was there before the rollback is expected after it: that makes it no better.
    [InlineData("b c", "b c", false, "b beside c")]
    [InlineData("c c", "c", false, "c in 2 rows")]
    public async Task The_rows_must_be_those_expected_and_such_as_alembic_goes_on_from(string rows, string? expected, bool passed, string found)
    {
        var check = await CheckAsync(rows.Split(' ', StringSplitOptions.RemoveEmptyEntries), expected?.Split(' '));
        Assert.Equal(passed, check.Passed);
        Assert.Contains(found, check.Found, StringComparison.Ordinal);
        Assert.Equal(passed, check.Hint is null);
    }

    [Fact]
    public async Task A_database_that_is_moved_while_the_other_checks_wait_is_not_verified()
    {
        var rows = "b";
        using var engine = new EngineApi();
        using var probe = new HttpProbe();
        var context = new VerificationContext(Observed.Deployment(), "cleaning", engine, probe, _ => Task.FromResult<IReadOnlyList<string>>([rows])) { ExpectedRevisions = ["b"] };

        var records = await Verifier.RunAsync([new RevisionCheck(), new Waiting(() => rows = "a")], context, TestContext.Current.CancellationToken);

        Assert.Equal([("database revision", false), ("waiting", true)], records.Select(record => (record.Name, record.Passed)));
        Assert.Equal("a", records[0].Found);
    }

    private sealed class Waiting(Action meanwhile) : ICheck
    {
        public string Name => "waiting";

        public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
        {
            await Task.Yield();
            meanwhile();
            return new CheckRecord(Name, true, "", "", null);
        }
    }

    private static async Task<CheckRecord> CheckAsync(string[] rows, string[]? expected)
    {
        using var engine = new EngineApi();
        using var probe = new HttpProbe();
        var context = new VerificationContext(Observed.Deployment(), "cleaning", engine, probe, _ => Task.FromResult<IReadOnlyList<string>>(rows))
        {
            ExpectedRevisions = expected,
            VersionFault = (found, _) => Task.FromResult(VersionRows.Fault(found, Graph)),
        };
        return (await new RevisionCheck().RunAsync(context, TestContext.Current.CancellationToken))!;
    }
}
