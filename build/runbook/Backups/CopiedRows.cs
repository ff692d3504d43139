using System.Text;

namespace Runback.Runbook.Backups;

/// <summary>
/// Counts the rows in the script that <c>pg_restore --data-only</c> makes of a dump: those between <c>COPY … FROM stdin;</c> and <c>\.</c>, each a line
/// (PostgreSQL manual, COPY, "Text Format"). Values are skipped as bytes, so memory stays flat however long a row is.
/// </summary>
internal sealed class CopiedRows
{
    private const int LongestCommand = 1 << 20;
    private readonly Dictionary<(string Schema, string Table), long> _counts = [];
    private readonly List<byte> _line = [];
    private (string, string)? _table;
    private long _length;

    /// <summary>The rows of each table that has data in the dump, if it be none.</summary>
    public IReadOnlyDictionary<(string Schema, string Table), long> Counts => _counts;

    /// <summary>Takes the next bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            // Of a row only the beginning tells something: whether it ends the data.
            var most = _table is null ? LongestCommand : 3;
            if (_line.Count < most)
                _line.AddRange(part[..Math.Min(part.Length, most - _line.Count)]);
            _length += part.Length;
            if (end < 0)
                return;
            Line();
            _line.Clear();
            _length = 0;
            bytes = bytes[(end + 1)..];
        }
    }

    private void Line()
    {
        if (_table is { } table)
        {
            if (_length == 2 && _line[0] == '\\' && _line[1] == '.')
                _table = null;
            else
                _counts[table]++;
            return;
        }
        if (Copied(Encoding.UTF8.GetString([.. _line])) is { } begun)
        {
            _table = begun;
            _counts.TryAdd(begun, 0);
        }
    }

    private static (string, string)? Copied(string line)
    {
        const string Copy = "COPY ";
        if (!line.StartsWith(Copy, StringComparison.Ordinal) || !line.EndsWith(" FROM stdin;", StringComparison.Ordinal))
            return null;
        var at = Copy.Length;
        var schema = Name(line, ref at);
        if (at >= line.Length || line[at++] != '.')
            return null;
        return (schema, Name(line, ref at));
    }

    private static string Name(string line, ref int at)
    {
        var name = new StringBuilder();
        if (at < line.Length && line[at] == '"')
        {
            for (at++; at < line.Length; at++)
            {
                if (line[at] == '"' && (++at >= line.Length || line[at] != '"'))
                    break;
                name.Append(line[at]);
            }
            return name.ToString();
        }
        while (at < line.Length && line[at] is not ('.' or ' '))
            name.Append(line[at++]);
        return name.ToString();
    }
}
