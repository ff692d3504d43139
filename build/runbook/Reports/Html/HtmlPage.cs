using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Runback.Runbook.Reports.Html;

/// <summary>
/// A page in one file: no script, nothing from the network, and a policy in it that lets a browser load nothing but its own style sheet
/// (Content Security Policy Level 3).
/// </summary>
public static class HtmlPage
{
    /// <summary>The version of what is drawn: a page of an older one is drawn anew when it is asked for.</summary>
    public const int Version = 1;

    private static readonly Lazy<string> Css = new(ReadCss);

    /// <summary>What the page's first lines hold when this version wrote it.</summary>
    public static string Generator => $"runback-report {Version}";

    /// <summary>The policy: nothing may be loaded or run, only the style sheet with this hash applies.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css.Value)))}'; base-uri 'none'; form-action 'none'";

    /// <summary>Writes a page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="body">What its body holds.</param>
    public static string Write(string title, Markup body)
    {
        var page = new HtmlBuilder().DocumentType();
        page.Open("html", ("lang", "en")).Line().Open("head").Line();
        page.Open("meta", ("charset", "utf-8")).Line();
        page.Open("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy)).Line();
        page.Open("meta", ("name", "generator"), ("content", Generator)).Line();
        page.Open("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1")).Line();
        page.Open("meta", ("name", "color-scheme"), ("content", "light dark")).Line();
        page.Open("meta", ("name", "referrer"), ("content", "no-referrer")).Line();
        page.Open("meta", ("name", "robots"), ("content", "noindex")).Line();
        page.Element("title", title).Line();
        page.Style(Css.Value).Line();
        page.Close().Line().Open("body").Line().Add(body).Line().Close().Line().Close().Line();
        return page.ToMarkup().ToString();
    }

    /// <summary>Whether a page was written by this version.</summary>
    public static bool IsCurrent(string path)
    {
        const int Head = 2048;
        try
        {
            using var file = new StreamReader(path, Encoding.UTF8);
            var head = new char[Head];
            return new string(head, 0, file.ReadBlock(head)).Contains($"\"{Generator}\"", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string ReadCss()
    {
        using var css = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(css, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
