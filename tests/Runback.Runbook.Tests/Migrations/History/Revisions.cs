using Runback.Runbook.Migrations.History;

namespace Runback.Runbook.Tests.Migrations.History;

/// <summary>Makes a history from lines like <c>c &lt;- a b</c> (c follows a and b) and <c>d &lt;- c needs x</c>.</summary>
internal static class Revisions
{
    internal static RevisionGraph Graph(params string[] lines) => RevisionGraph.Read(Files(lines));

    internal static SourceFile[] Files(params string[] lines) => [.. lines.Select(File)];

    internal static string[] Ids(IEnumerable<Runback.Runbook.Migrations.Changes.MigrationScript> scripts) => [.. scripts.Select(script => script.Revision)];

    private static SourceFile File(string line)
    {
        var (revision, rest) = Cut(line, "<-");
        var (down, needs) = Cut(rest, "needs");
        return new SourceFile($"versions/{revision}.py", $"revision = '{revision}'\ndown_revision = {Tuple(down)}\ndepends_on = {Tuple(needs)}\n\ndef upgrade(): pass\n");
    }

    private static (string, string) Cut(string text, string mark) =>
        text.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at ? (text[..at].Trim(), text[(at + mark.Length)..].Trim()) : (text.Trim(), "");

    private static string Tuple(string names)
    {
        var all = names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return all.Length == 0 ? "None" : $"({string.Concat(all.Select(name => $"'{name}',"))})";
    }
}
