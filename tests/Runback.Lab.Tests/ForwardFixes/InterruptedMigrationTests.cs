using Runback.Lab.Tests.Lab;
using Runback.Runbook.Databases;
using Runback.Runbook.ForwardFixes;
using Runback.Runbook.Migrations.History;

namespace Runback.Lab.Tests.ForwardFixes;

[Tier(Tier.Thorough)]
[Collection("lab")]
public sealed class InterruptedMigrationTests(LabFixture lab)
{
    private const string Dies =
        """
        import sqlalchemy as sa
        from alembic import op

        revision = "d1e5"
        down_revision = "7fa3d9c5e810"


        def upgrade() -> None:
            op.add_column("customers", sa.Column("vip", sa.Boolean(), nullable=True))
            with op.get_context().autocommit_block():
                op.create_index("ix_customers_name", "customers", ["name"], unique=True, postgresql_concurrently=True)
            op.create_table("perks", sa.Column("id", sa.Integer(), primary_key=True))


        def downgrade() -> None:
            pass

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 900_000)]
    public async Task An_autocommit_block_that_died_halfway_is_told_and_after_what_it_says_the_upgrade_runs()
    {
        await using var workshop = await FixWorkshop.OpenAsync(lab);
        await workshop.UpgradeAsync(null, FixWorkshop.KeptHead);
        await workshop.ExecuteAsync("INSERT INTO customers (name, email) VALUES ('Ann', 'a@example.com'), ('Ann', 'b@example.com');");
        var file = Path.Combine(workshop.Folder, "d1e5_perks.py");
        await File.WriteAllTextAsync(file, Dies, Cancellation);
        Assert.False((await workshop.AlembicAsync(file, ["upgrade", "d1e5"], Cancellation)).Succeeded);

        async Task<InterruptedMigration> Assess()
        {
            var scripts = (await workshop.GraphAsync(FixWorkshop.Newer)).OldestFirst.Append(Runbook.Migrations.Alembic.MigrationReader.Read("d1e5.py", Dies)!);
            return InterruptedMigration.Assess(
                RevisionGraph.Link([.. scripts]), (await AlembicVersion.ReadAsync(workshop.Server, Cancellation)).Revisions,
                await CatalogReader.ReadAsync(workshop.Server, Cancellation));
        }

        var found = await Assess();
        Assert.Equal(["d1e5"], found.Missing);
        Assert.Equal(
            ["add column customers.vip", "create index ix_customers_name (left invalid, it serves no query)"],
            found.Changes.Where(change => change.Done).Select(change => change.What));
        Assert.Contains(found.Changes, change => change is { What: "create table perks", Done: false });
        Assert.False(found.CanRetry);

        Assert.Equal("DROP INDEX CONCURRENTLY ix_customers_name;", found.Changes.Single(change => change.What.Contains("invalid", StringComparison.Ordinal)).Todo);
        await workshop.ExecuteAsync("DROP INDEX ix_customers_name; ALTER TABLE customers DROP COLUMN vip; DELETE FROM customers WHERE email = 'b@example.com';");
        Assert.True((await Assess()).CanRetry);
        await workshop.UpgradeAsync(file, "d1e5");
        Assert.Empty((await Assess()).Missing);
    }
}
