using Runback.Lab.Tests.Lab;
using Runback.Runbook.Backups;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Downgrades that destroy rows: counted beforehand, accepted by name, and kept in a dump of their own.</summary>
[Tier(Tier.Default)]
[Collection("lab")]
public sealed class DowngradeLossTests(LabFixture lab)
{
    private const int Events = 37;
    private const int Tiers = 12;
    private readonly Production _production = new(lab);

    [Fact(Timeout = 400_000)]
    public async Task What_a_downgrade_destroys_is_counted_has_to_be_accepted_and_can_be_looked_up_afterwards()
    {
        await lab.DeployFreshAsync(Production.Bad);
        await lab.QueryAsync($"INSERT INTO loyalty_events (customer_id, points) SELECT id, id * 10 FROM customers ORDER BY id LIMIT {Events}");
        await lab.QueryAsync($"UPDATE customers SET loyalty_tier = 'gold ' || id WHERE id <= {Tiers}");
        var events = await FingerprintAsync("cleaning", "loyalty_events");
        var customers = await FingerprintAsync("cleaning", "customers");

        var refused = await _production.RunAsync(Production.Rollback(Production.Good, "Downgrade"));

        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Contains("--accept-data-loss", refused.Complaint, StringComparison.Ordinal);
        await _production.AssertRunsAsync(Production.Bad);
        Assert.Equal(events, await FingerprintAsync("cleaning", "loyalty_events"));

        var downgrade = await _production.RunAsync(Production.Rollback(Production.Good, "Downgrade", "--accept-data-loss"));

        Assert.True(downgrade.ExitCode == 0, downgrade.ToString());
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal(Production.GoodRevision, await _production.RevisionAsync());
        var losses = downgrade.Json["rehearsal"]!["losses"]!.AsArray().ToDictionary(loss => loss!["subject"]!.ToString(), loss => loss!);
        Assert.Equal(["customers.loyalty_tier", "loyalty_events"], losses.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Tiers, losses["customers.loyalty_tier"]["nonNull"]!.GetValue<long>());
        Assert.Equal(Events, losses["loyalty_events"]["rows"]!.GetValue<long>());

        var dump = Path.Combine(Path.GetDirectoryName(downgrade.Text("report")!)!, "before-downgrade.dump");
        Assert.Contains(downgrade.Json["kept"]!.AsArray(), entry => entry!.ToString().Contains(dump, StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(dump));
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(dump)));
        Assert.Equal($"{sum}  before-downgrade.dump\n", File.ReadAllText(dump + BackupName.ChecksumSuffix));
        await RestoreAsync(dump, "looked_up");
        try
        {
            Assert.Equal((events, customers), (await FingerprintAsync("looked_up", "loyalty_events"), await FingerprintAsync("looked_up", "customers")));
        }
        finally
        {
            await lab.QueryAsync("DROP DATABASE looked_up");
        }
        await _production.AssertNothingLeftAsync();
    }

    private async Task<string> FingerprintAsync(string database, string table) => (await lab.InDatabaseAsync("psql", "-U", "postgres", "-d", database, "-qAtX", "-c", $"SELECT count(*) || ' ' || md5(string_agg(t::text, ',' ORDER BY id)) FROM {table} t")).Output.Trim();

    private async Task RestoreAsync(string dump, string database)
    {
        var container = (await lab.Docker("ps", "--quiet", "--filter", $"label=com.docker.compose.project={lab.Options.Name}", "--filter", "label=com.docker.compose.service=db")).Single();
        await lab.Docker("cp", dump, $"{container}:/tmp/looked-up.dump");
        await lab.QueryAsync($"CREATE DATABASE {database}");
        var restored = await lab.Compose("exec", "-T", "-u", "root", "db", "pg_restore", "-U", "postgres", "-d", database, "/tmp/looked-up.dump");
        Assert.True(restored.Succeeded, restored.Complaint);
        await lab.Compose("exec", "-T", "-u", "root", "db", "rm", "/tmp/looked-up.dump");
    }
}
