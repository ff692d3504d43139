using Runback.Engine.Binding;

namespace Runback.Engine.Tests;

public class NamingTests
{
    [Theory]
    [InlineData("Tag", "tag", "TAG")]
    [InlineData("DryRun", "dry-run", "DRY_RUN")]
    [InlineData("BaseURL", "base-url", "BASE_URL")]
    [InlineData("HTTPPort", "http-port", "HTTP_PORT")]
    [InlineData("AcceptDataLoss2", "accept-data-loss2", "ACCEPT_DATA_LOSS2")]
    public void A_name_has_one_spelling_for_each_place(string name, string kebab, string environment)
    {
        Assert.Equal(kebab, Naming.Kebab(name));
        Assert.Equal(environment, Naming.UpperSnake(name));
        Assert.Equal(Naming.Plain(name), Naming.Plain(kebab));
    }

    [Theory]
    [InlineData("--tga", "--tag")]
    [InlineData("--stratgy", "--strategy")]
    [InlineData("--strat", "--strategy")]
    [InlineData("--dryrun", "--dry-run")]
    public void The_nearest_name_is_found(string typed, string meant) =>
        Assert.Equal(meant, Nearest.To(typed, ["--tag", "--strategy", "--dry-run", "--timeout"]));

    [Fact]
    public void A_name_that_is_near_to_nothing_gets_no_guess() =>
        Assert.Null(Nearest.To("--elephant", ["--tag", "--strategy"]));
}
