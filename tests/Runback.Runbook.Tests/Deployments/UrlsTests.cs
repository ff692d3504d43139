using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Deployments;

public sealed class UrlsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("api.example.com")]
    [InlineData("ftp://api.example.com")]
    [InlineData("/healthz")]
    [InlineData("file:///etc/passwd")]
    public void Only_an_http_address_is_a_base_url(string text) => Assert.Equal(Outcome.Usage, Assert.Throws<RunbookException>(() => Urls.Base(text)).Outcome);

    [Fact]
    public void A_password_in_a_base_url_is_refused_and_not_repeated()
    {
        var error = Assert.Throws<RunbookException>(() => Urls.Base("https://ops:hunter2@api.example.com"));
        Assert.DoesNotContain("hunter2", error.Message + error.Hint, StringComparison.Ordinal);
    }
}
