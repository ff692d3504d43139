using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Runback.Runbook.Reports;

namespace Runback.Lab.Tests.Reports;

/// <summary>The report and the list of runs in a real Chromium: on a phone, a tablet and a desk, light and dark, and printed.</summary>
public sealed class BrowserTests : IDisposable
{
    private const string OpenAll = "() => document.querySelectorAll('details').forEach(details => details.open = true)";
    private static readonly string LogChanges = $$"""
        {"beforeSeconds":900,"afterSeconds":45.2,"changes":[
          {"kind":"New","service":"api","level":"Error","shape":"x","before":0,"after":12,"sample":"ERROR sqlalchemy.exc.ProgrammingError: (psycopg.errors.UndefinedColumn) column bookings.{{new string('q', 200)}} does not exist"},
          {"kind":"More","service":"api","level":"Warning","shape":"x","before":3,"after":40,"sample":"WARNING slow query 2041 ms: SELECT * FROM bookings WHERE note ILIKE '%x%'"},
          {"kind":"Fewer","service":"api","level":"Info","shape":"x","before":40123,"after":170,"sample":"INFO 172.18.0.5 - \"GET /bookings?limit=20 HTTP/1.1\" 200 OK"},
          {{string.Join(',', Enumerable.Range(1, 10).Select(number => $$"""{"kind":"Gone","service":"jobs","level":"Info","shape":"x","before":{{number * 97}},"after":0,"sample":"INFO export {{number}} of the nightly batch sent to s3://exports in 41 ms"}"""))}}
        ]}
        """;
    private readonly RecordedRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory(Timeout = 540_000)]
    [InlineData(360, 780, ColorScheme.Light, Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData(360, 780, ColorScheme.Dark, Traits = [TierAttribute.Trait, "default"])]
    [InlineData(820, 1180, ColorScheme.Dark, Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData(1440, 900, ColorScheme.Light, Traits = [TierAttribute.Trait, "thorough"])]
    public async Task Pages_fit_the_screen_and_can_be_read(int width, int height, ColorScheme scheme)
    {
        await using var chromium = await SystemChromium.StartAsync();
        foreach (var file in Files())
        {
            var opened = await chromium.OpenAsync(file, width, height, scheme);
            await opened.Page.EvaluateAsync(OpenAll);
            Assert.Empty(await WiderThanTheScreen(opened.Page));
            Assert.Empty(await TooFaint(opened.Page));
            Assert.Empty(opened.Complaints);
            Assert.Equal(new Uri(file).AbsoluteUri, Assert.Single(opened.Requests));
        }
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 540_000)]
    public async Task The_first_screen_of_a_phone_holds_every_answer()
    {
        await using var chromium = await SystemChromium.StartAsync();
        var opened = await chromium.OpenAsync(RunReports.Write(_run.Folder), 360, 780, ColorScheme.Light);
        var bottoms = await opened.Page.EvaluateAsync<double[]>("() => [...document.querySelectorAll('header dd')].map(each => each.getBoundingClientRect().bottom)");
        Assert.True(bottoms.Length >= 5, $"{bottoms.Length} answers");
        Assert.All(bottoms, bottom => Assert.InRange(bottom, 1, 780));
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 540_000)]
    public async Task Headings_landmarks_tables_and_drawings_tell_a_screen_reader_what_they_are()
    {
        await using var chromium = await SystemChromium.StartAsync();
        foreach (var file in Files())
        {
            var page = (await chromium.OpenAsync(file, 1440, 900, ColorScheme.Light)).Page;
            var levels = await page.EvaluateAsync<int[]>("() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(heading => +heading.tagName[1])");
            Assert.Equal(1, levels[0]);
            Assert.Single(levels, 1);
            Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
            Assert.Empty(await page.EvaluateAsync<string[]>("""
                () => [
                  ...['header', 'main', 'footer'].filter(name => document.querySelectorAll('body > ' + name).length !== 1),
                  ...[...document.querySelectorAll('th:not([scope])')].map(() => 'th without scope'),
                  ...[...document.querySelectorAll('table')].filter(table => !table.caption).map(() => 'table without caption'),
                  ...[...document.querySelectorAll('svg')].filter(svg => !svg.querySelector('title') || !svg.querySelector('desc').textContent).map(() => 'drawing without words'),
                  ...[...document.querySelectorAll('[aria-labelledby]')].flatMap(each => each.getAttribute('aria-labelledby').split(' ')).filter(id => !document.getElementById(id)),
                  ...[...document.querySelectorAll('a[href^="#"]')].map(a => a.hash.slice(1)).filter(id => !document.getElementById(id)),
                  ...Object.entries(Object.groupBy([...document.querySelectorAll('[id]')], each => each.id)).filter(([, all]) => all.length > 1).map(([id]) => 'twice: ' + id)
                ]
                """));
        }
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 540_000)]
    public async Task It_can_be_used_with_a_keyboard_and_the_focus_is_seen()
    {
        await using var chromium = await SystemChromium.StartAsync();
        var page = (await chromium.OpenAsync(Files()[0], 820, 1180, ColorScheme.Light)).Page;
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("#report", await page.EvaluateAsync<string>("() => document.activeElement.getAttribute('href')"));
        Assert.True(await page.EvaluateAsync<bool>("() => { const box = document.activeElement.getBoundingClientRect(); return box.left >= 0 && box.height > 10 }"));
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("report", await page.EvaluateAsync<string>("() => document.activeElement.id"));
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("SUMMARY", await page.EvaluateAsync<string>("() => document.activeElement.tagName"));
        Assert.Equal("solid", await page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
        await page.Keyboard.PressAsync("Space");
        Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.parentElement.open"));
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 540_000)]
    public async Task On_paper_everything_is_open_and_dark_on_light()
    {
        await using var chromium = await SystemChromium.StartAsync();
        var page = (await chromium.OpenAsync(Files()[0], 820, 1180, ColorScheme.Dark)).Page;
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        Assert.Empty(await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('details td')].filter(cell => cell.textContent && !cell.closest('figure') && !cell.checkVisibility()).map(cell => cell.textContent)"));
        Assert.Empty(await TooFaint(page));
    }

    private string[] Files()
    {
        _run.Edit("result.json", result =>
        {
            result["summary"] = "expected " + new string('x', 500) + " found `" + new string('y', 300) + "`";
            result["logChanges"] = JsonNode.Parse(LogChanges);
            result["incident"] = "https://example.com/" + new string('z', 200);
        });
        _run.Journal(new { at = "2026-11-22T12:09:00Z", @event = "change", number = 99, command = "docker exec db psql <<'EOF'\n" + string.Join('\n', Enumerable.Repeat("SELECT '" + new string('w', 150) + "';", 5)) + "\nEOF" },
            new { at = "2026-11-22T12:09:01Z", @event = "failed", number = 99, seconds = 1, why = "ERROR: 42P01: relation \"" + new string('v', 200) + "\" does not exist" });
        File.WriteAllText(Path.Combine(_run.State, "drills.jsonl"), string.Concat(Enumerable.Range(1, 9).Select(day => JsonSerializer.Serialize(new
        {
            run = $"d{day}", startedAt = $"2026-11-0{day}T03:00:00Z", outcome = day == 5 ? "Failed" : "Done", rollbackSeconds = 40 + day, traffic = new { outageSeconds = 3.5 }, objectives = new { rollbackSeconds = 60 },
        }) + "\n")));
        return [RunReports.Write(_run.Folder), RunIndex.Write(_run.State)];
    }

    private static Task<string[]> WiderThanTheScreen(IPage page) => page.EvaluateAsync<string[]>("""
        () => document.documentElement.scrollWidth <= innerWidth ? []
          : [...document.querySelectorAll('body *')].filter(each => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest('.scroll'))
              .map(each => each.tagName + ' ' + each.textContent.slice(0, 60)).concat('page ' + document.documentElement.scrollWidth)
        """);

    // WCAG 2.2, 1.4.3: the contrast of text with what is behind it is at least 4.5.
    private static Task<string[]> TooFaint(IPage page) => page.EvaluateAsync<string[]>("""
        () => {
          const parts = color => color.match(/[\d.]+/g).map(Number);
          const light = color => { const [r, g, b] = parts(color).map(each => (each /= 255) <= .04045 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b };
          const behind = each => { for (; each; each = each.parentElement) { const color = getComputedStyle(each).backgroundColor; if ((parts(color)[3] ?? 1) > 0) return color } return 'rgb(255, 255, 255)' };
          const band = document.querySelector('svg .outage');
          const found = [];
          let texts = 0;
          for (const each of document.querySelectorAll('body *')) {
            if (![...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()) || each.closest('title, desc') || !each.getClientRects().length) continue;
            texts++;
            const color = each.closest('svg') ? getComputedStyle(each).fill : getComputedStyle(each).color;
            const grounds = [behind(each)];
            if (band && each.closest('svg')) grounds.push(getComputedStyle(band).fill);
            for (const ground of grounds) {
              const [dim, bright] = [light(color), light(ground)].sort((a, b) => a - b);
              if ((bright + .05) / (dim + .05) < 4.5) found.push(`${((bright + .05) / (dim + .05)).toFixed(2)} ${color} on ${ground}: ${each.textContent.slice(0, 40)}`);
            }
          }
          return texts > 20 ? found : ['only ' + texts + ' texts'];
        }
        """);
}
