using System.Text.RegularExpressions;

namespace Runback.Runbook.Migrations.History;

/// <summary>
/// Which of the files below a version folder belong to its history, where no configuration tells whether Alembic reads them: those that go on from the files
/// that it surely reads, or that these go on from. What is left of an older history in a folder of its own is linked to nothing.
/// </summary>
internal static partial class RevisionLinks
{
    /// <summary>The files that surely count, and those below that are linked to them.</summary>
    internal static List<SourceFile> With(List<SourceFile> here, List<SourceFile> below)
    {
        if (below.Count == 0)
            return here;
        var result = new List<SourceFile>(here);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in here)
            Note(Ids(file));
        var left = below.Select(file => (File: file, Ids: Ids(file))).Where(one => one.Ids.Revision is { } revision && !known.Contains(revision)).ToList();
        for (var before = -1; before != result.Count;)
        {
            before = result.Count;
            foreach (var one in left.ToList())
            {
                if (known.Contains(one.Ids.Revision!) || !(one.Ids.Down.Exists(known.Contains) || wanted.Contains(one.Ids.Revision!)))
                    continue;
                left.Remove(one);
                result.Add(one.File);
                Note(one.Ids);
            }
        }

        return result;

        void Note((string? Revision, List<string> Down) ids)
        {
            if (ids.Revision is { } revision)
                known.Add(revision);
            wanted.UnionWith(ids.Down);
        }
    }

    private static (string? Revision, List<string> Down) Ids(SourceFile file) =>
        (Names(RevisionLine(), file.Text) is [var revision, ..] ? revision : null, [.. Names(DownLine(), file.Text), .. Names(DependsLine(), file.Text)]);

    private static List<string> Names(Regex line, string text)
    {
        if (line.Match(text) is not { Success: true } found)
            return [];
        var value = text.AsSpan(found.Index + found.Length);
        // A tuple may go over several lines.
        var end = value.Length > 0 && value[0] is '(' or '[' ? value.IndexOfAny(')', ']') : value.IndexOf('\n');
        return [.. Quoted().Matches((end < 0 ? value : value[..end]).ToString()).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex(@"^revision[ \t]*(?::[^=\n]*)?=[ \t]*", RegexOptions.Multiline, 1000)]
    private static partial Regex RevisionLine();

    [GeneratedRegex(@"^down_revision[ \t]*(?::[^=\n]*)?=[ \t]*", RegexOptions.Multiline, 1000)]
    private static partial Regex DownLine();

    [GeneratedRegex(@"^depends_on[ \t]*(?::[^=\n]*)?=[ \t]*", RegexOptions.Multiline, 1000)]
    private static partial Regex DependsLine();

    [GeneratedRegex("[\"']([^\"'\\n]+)[\"']", RegexOptions.None, 1000)]
    private static partial Regex Quoted();
}
