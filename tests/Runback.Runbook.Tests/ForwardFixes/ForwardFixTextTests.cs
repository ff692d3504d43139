using Runback.Runbook.ForwardFixes;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;
using static Runback.Runbook.Tests.ForwardFixes.Planning;

namespace Runback.Runbook.Tests.ForwardFixes;

public class ForwardFixTextTests
{
    private const string Before = "CREATE TABLE bookings (id int PRIMARY KEY, status text)";

    [Fact]
    public void It_says_what_is_fixed_what_is_not_and_how_to_go_on()
    {
        string[] lines = [.. ForwardFixText.Lines(Plan(Before, "ALTER TABLE bookings RENAME status TO state; DELETE FROM bookings"), "/runs/1/f1x_fix.py", "f1x", "alembic/versions")];
        Assert.Contains("  bookings.status: adds status beside state, fills it, and keeps both in step whichever is written", lines);
        Assert.Contains("Not covered, and old code stays broken until a person does it:", lines);
        Assert.Contains("Add what is not covered to it, then go on with:", lines);
        Assert.Contains(lines, line => line.Contains("cp /runs/1/f1x_fix.py alembic/versions/", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_trial_stops_at_the_first_command_that_fails_and_tries_no_application()
    {
        var asked = new List<string>();
        var trial = new FixTrial(
            (_, arguments, _) =>
            {
                asked.Add(string.Join(' ', arguments));
                return Task.FromResult(new CommandResult(arguments[0] == "downgrade" ? 1 : 0, "", "no way back", TimeSpan.FromSeconds(1)));
            },
            _ => throw new InvalidOperationException("not to be asked"));
        var result = await trial.RunAsync("f", "f1x", ["b"], TestContext.Current.CancellationToken);
        Assert.Equal(["upgrade f1x", "downgrade b"], asked);
        Assert.False(result.Passed);
        Assert.Contains(result.Lines, line => line.Contains("no way back", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_trial_goes_up_down_and_up_again_and_counts_only_with_an_application()
    {
        FixTrial With(params FixProof[] proofs) => new(
            (_, _, _) => Task.FromResult(new CommandResult(0, "", "", TimeSpan.Zero)), _ => Task.FromResult<IReadOnlyList<FixProof>>(proofs));
        var cancellation = TestContext.Current.CancellationToken;
        Assert.True((await With(new FixProof("old", true, "answers")).RunAsync("f", "f1x", ["b"], cancellation)).Passed);
        Assert.Equal(3, (await With(new FixProof("old", false, "500")).RunAsync("f", "f1x", ["b"], cancellation)).Steps.Count);
        Assert.False((await With(new FixProof("old", false, "500")).RunAsync("f", "f1x", ["b"], cancellation)).Passed);
        Assert.False((await With().RunAsync("f", "f1x", ["b"], cancellation)).Passed);
    }

    [Fact]
    public void A_handed_out_file_is_the_owners_alone_and_overwrites_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("runback-fix-").FullName;
        try
        {
            var output = Directory.CreateDirectory(Path.Combine(folder, "versions")).FullName;
            var migration = new ScaffoldedMigration("f1x", "f1x_fix.py", "");
            var paths = FixScaffold.HandOut(migration, "text", folder, output);
            Assert.Equal([Path.Combine(folder, "forward-fix", "f1x_fix.py"), Path.Combine(output, "f1x_fix.py")], paths);
            Assert.All(paths, path => Assert.Equal("text", File.ReadAllText(path)));
            foreach (var path in paths)
                if (!OperatingSystem.IsWindows())
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Contains("found one", Assert.Throws<RunbookException>(() => FixScaffold.HandOut(migration, "other", Path.Combine(folder, "second"), output)).Message, StringComparison.Ordinal);
            Assert.All(paths, path => Assert.Equal("text", File.ReadAllText(path)));
            Assert.Throws<RunbookException>(() => FixScaffold.HandOut(migration, "text", folder, Path.Combine(folder, "missing")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
