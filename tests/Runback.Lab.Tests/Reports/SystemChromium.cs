using Microsoft.Playwright;

namespace Runback.Lab.Tests.Reports;

/// <summary>The system's own Chromium, driven by Playwright. Nothing is downloaded; without one the tests fail.</summary>
internal sealed class SystemChromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private SystemChromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<SystemChromium> StartAsync()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.True(path is not null, $"expected one of {string.Join(", ", Names)} on PATH, found none; hint: apt-get install chromium");
        var playwright = await Playwright.CreateAsync();
        return new SystemChromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true }));
    }

    /// <summary>Opens a file as a reader would who has scripts switched off, and remembers whatever the browser complains of or asks for.</summary>
    public async Task<OpenedPage> OpenAsync(string file, int width, int height, ColorScheme scheme)
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, JavaScriptEnabled = false, IsMobile = width < 600 });
        var page = await context.NewPageAsync();
        var opened = new OpenedPage(page);
        page.Console += (_, message) => opened.Complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => opened.Complaints.Add(error);
        page.Request += (_, request) => opened.Requests.Add(request.Url);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>A page with what the browser said about it.</summary>
internal sealed record OpenedPage(IPage Page)
{
    public List<string> Complaints { get; } = [];

    public List<string> Requests { get; } = [];
}
