using Runback.Runbook.Restores;

namespace Runback.Runbook.Tests.Restores;

public sealed class SwapStatementsTests
{
    private static DatabaseMark Mark(string? readOnly) =>
        new(RestoreStage.Before, "r", "shop") { Was = new DatabaseMark.ServingState(40, "the shop", readOnly) };

    [Fact]
    public void The_renames_come_first_and_the_kept_database_is_protected()
    {
        var statements = SwapStatements.Swap("shop", "shop_before_r", Mark(null), "shop_restore_r", Mark(null).Was!, wasAside: false, limit: true);
        Assert.Equal(
            [
                "ALTER DATABASE \"shop\" RENAME TO \"shop_before_r\"",
                "ALTER DATABASE \"shop_restore_r\" RENAME TO \"shop\"",
                "ALTER DATABASE \"shop_before_r\" CONNECTION LIMIT 0",
                "ALTER DATABASE \"shop_before_r\" SET default_transaction_read_only TO 'on'",
                DatabaseDefinition.Comment("shop_before_r", Mark(null).ToString()),
                "ALTER DATABASE \"shop\" CONNECTION LIMIT 40",
                "COMMENT ON DATABASE \"shop\" IS 'the shop'",
            ], statements);
    }

    [Fact]
    public void The_way_back_lifts_the_protection_unless_it_was_the_databases_own()
    {
        var reset = "ALTER DATABASE \"shop\" RESET default_transaction_read_only";
        Assert.Contains(reset, SwapStatements.Swap("shop", "aside", Mark(null), "kept", Mark(null).Was!, wasAside: true, limit: true));
        Assert.DoesNotContain(reset, SwapStatements.Swap("shop", "aside", Mark("on"), "kept", Mark("on").Was!, wasAside: true, limit: true));
    }

    [Fact]
    public void A_role_that_the_limit_would_lock_out_sets_none() =>
        Assert.DoesNotContain(SwapStatements.Swap("shop", "aside", Mark(null), "new", Mark(null).Was!, wasAside: false, limit: false),
            statement => statement.EndsWith("LIMIT 0", StringComparison.Ordinal));
}
