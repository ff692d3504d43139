using System.Text.Json.Nodes;
using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>The strategy Auto where the migrations aren't additive: it rehearses, and goes on or leaves the choice to a person.</summary>
[Collection("lab")]
public sealed class ChoicesTests(LabFixture lab) : IDisposable
{
    private readonly Production _production = new(lab);
    private readonly string _backups = Directory.CreateTempSubdirectory("runback-choices-").FullName;

    public void Dispose() => Directory.Delete(_backups, recursive: true);

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task Over_a_breaking_migration_the_choices_are_shown_with_measured_numbers_and_nothing_is_changed()
    {
        await BringAsync(Production.Breaking);
        var before = await _production.SnapshotAsync();

        var auto = await _production.RunAsync("Rollback", "--tag", Production.Good, "--backup-directory", _backups, "--incident", "INC-42", "--approved-by", "Another Person");

        Assert.True(auto.ExitCode == 3, auto.ToString());
        Assert.Equal(("Refused", "Auto"), (auto.Text("outcome"), auto.Text("strategy")));
        Assert.Contains("the choice is yours", auto.Complaint, StringComparison.Ordinal);
        Assert.Equal(["ForwardFix", "AppOnly", "Downgrade", "Restore"], auto.Json["choices"]!.AsArray().Select(choice => choice!["strategy"]!.ToString()));
        var measured = auto.Json["rehearsal"]!["downgrade"]!["seconds"]!.GetValue<double>();
        var downgrade = Choice(auto, "Downgrade");
        Assert.True(downgrade["isOpen"]!.GetValue<bool>(), auto.Output);
        Assert.InRange(downgrade["downtimeSeconds"]!.GetValue<double>(), measured - 0.1, measured + 60);
        Assert.Contains(Production.BreakingRevision, downgrade["loss"]!.ToString(), StringComparison.Ordinal);
        var appOnly = Choice(auto, "AppOnly");
        Assert.False(appOnly["isOpen"]!.GetValue<bool>());
        Assert.Null(appOnly["command"]);
        Assert.All(["rename-column", "drop-column"], rule => Assert.Contains(rule, appOnly["whyNot"]!.ToString(), StringComparison.Ordinal));
        // The fresh dump is one of the broken schema: there is nothing to restore.
        Assert.False(Choice(auto, "Restore")["isOpen"]!.GetValue<bool>());
        Assert.All(["rename-column", "alembic downgrade", downgrade["command"]!.ToString(), Choice(auto, "ForwardFix")["command"]!.ToString()], text => Assert.Contains(text, auto.Said, StringComparison.Ordinal));
        Assert.Equal(before, await _production.SnapshotAsync());
        Assert.Single(Directory.EnumerateFiles(_backups, "*.dump"));
        await _production.AssertNothingLeftAsync();

        // Later runs read what earlier ones measured.
        var written = Runback.Runbook.Runs.RunResult.Read(Path.Combine(Path.GetDirectoryName(auto.Text("report")!)!, "result.json"));
        Assert.Equal(measured, written?.Rehearsal?.Downgrade?.Seconds);
        Assert.NotEmpty(written!.Rehearsal!.Downgrade!.Observed!.Commands);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task What_the_page_says_to_type_passes_every_gate()
    {
        await BringAsync(Production.Breaking);
        var before = await _production.SnapshotAsync();
        var auto = await _production.RunAsync("Rollback", "--tag", Production.Good, "--backup-directory", _backups, "--incident", "INC-42", "--approved-by", "Another Person");
        foreach (var strategy in new[] { "Downgrade", "ForwardFix" })
        {
            var command = Choice(auto, strategy)["command"]!.ToString();
            Assert.StartsWith("./build.sh ", command, StringComparison.Ordinal);
            var typed = await _production.RunAsync([.. Unquoted(command), "--backup-directory", _backups, "--dry-run"]);
            Assert.True(typed.ExitCode == 0, $"{command}\n{typed}");
        }
        Assert.Equal(before, await _production.SnapshotAsync());
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task What_calls_for_caution_stays_when_the_rehearsal_passed()
    {
        await BringAsync(Production.Inspecting);
        var revision = await _production.RevisionAsync();

        var auto = await _production.RunAsync("Rollback", "--tag", Production.Good);

        Assert.True(auto.ExitCode == 0, auto.ToString());
        Assert.Equal(("Done", "AppOnly"), (auto.Text("outcome"), auto.Text("strategy")));
        Assert.True(auto.Json["rehearsal"]!["keptSchema"]!["passed"]!.GetValue<bool>());
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal(revision, await _production.RevisionAsync());
        await _production.AssertNothingLeftAsync();
    }

    private async Task BringAsync(string release) => await _production.BringAsync(release, migratedBy: release);

    internal static JsonNode Choice(Ended ended, string strategy) => ended.Json["choices"]!.AsArray().Single(choice => choice!["strategy"]!.ToString() == strategy)!;

    // The command's words, without the script that they are given to.
    private static IEnumerable<string> Unquoted(string command) => Runback.Runbook.Backups.CommandLine.Split(command).Skip(1);
}
