using Runback.Runbook.Restores;

namespace Runback.Runbook.Tests.Restores;

public sealed class DatabaseDefinitionTests
{
    private static readonly DatabaseProperties Shop = new()
    {
        Name = "shop", Oid = 5, Owner = "the app", Encoding = "UTF8", Collate = "C", Ctype = "C.UTF-8", Tablespace = "pg_default",
    };

    [Theory]
    [InlineData(null, null, "")]
    [InlineData("c", null, " LOCALE_PROVIDER libc")]
    [InlineData("i", "de-DE", " LOCALE_PROVIDER icu ICU_LOCALE 'de-DE'")]
    [InlineData("b", "C.UTF-8", " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")]
    public void A_database_is_made_with_the_locale_of_the_other(string? provider, string? locale, string expected) => Assert.Equal(
        $"CREATE DATABASE \"new\" WITH TEMPLATE template0 OWNER \"the app\" ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'{expected} TABLESPACE \"pg_default\" CONNECTION LIMIT 0",
        DatabaseDefinition.Create(Shop with { LocaleProvider = provider, Locale = locale }, "new", 0));

    [Fact]
    public void Rules_of_ICU_come_along() => Assert.Contains(
        " ICU_LOCALE 'de' ICU_RULES '&a < b'", DatabaseDefinition.Create(Shop with { LocaleProvider = "i", Locale = "de", IcuRules = "&a < b" }, "new", -1), StringComparison.Ordinal);

    [Fact]
    public void Settings_and_privileges_become_statements() => Assert.Equal(
        [
            "ALTER DATABASE \"new\" SET \"search_path\" TO '$user', 'Strange, \"x\"', 'public'",
            "ALTER DATABASE \"new\" SET \"shop.tenant\" TO 'a, b'",
            "ALTER ROLE \"app\" IN DATABASE \"new\" SET \"search_path\" TO ''",
            "REVOKE ALL ON DATABASE \"new\" FROM PUBLIC, \"the app\"",
            "GRANT CONNECT ON DATABASE \"new\" TO \"reader\" WITH GRANT OPTION",
            "GRANT TEMPORARY ON DATABASE \"new\" TO PUBLIC",
            "SECURITY LABEL FOR \"selinux\" ON DATABASE \"new\" IS 'x'",
        ], DatabaseDefinition.Properties(Shop with
        {
            Settings = [new(null, "search_path", "\"$user\", \"Strange, \"\"x\"\"\", public"), new(null, "shop.tenant", "a, b"), new("app", "search_path", "\"\"")],
            Grants = [new("reader", "CONNECT", true), new(null, "TEMPORARY", false)],
            Labels = [new("selinux", "x")],
        }, "new"));

    [Fact]
    public void Nothing_was_ever_granted_means_nothing_is_revoked() => Assert.Empty(DatabaseDefinition.Properties(Shop, "new"));

    [Fact]
    public void What_serves_takes_its_comment_from_the_mark_when_somebody_swapped_by_hand()
    {
        var mark = new DatabaseMark(RestoreStage.Before, "r", "shop") { Was = new DatabaseMark.ServingState(7, "the shop", null) };
        Assert.Equal("the shop", (Shop with { Comment = mark.ToString() }).Serving.Comment);
        Assert.Equal("plain", (Shop with { Comment = "plain" }).Serving.Comment);
    }
}
