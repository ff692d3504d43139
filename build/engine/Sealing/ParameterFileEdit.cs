using System.Text;
using System.Text.Json;
using Runback.Engine.Binding;

namespace Runback.Engine.Sealing;

/// <summary>Changes one value in the text of a parameters file; all else, comments, order and line ends, stays as it is.</summary>
internal sealed class ParameterFileEdit
{
    private static readonly JsonReaderOptions Comments = new() { CommentHandling = JsonCommentHandling.Skip };
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    private readonly byte[] bytes;
    private readonly List<Property> properties = [];
    private readonly int open;
    private readonly int close;

    /// <summary>Reads a file's bytes.</summary>
    /// <param name="label">The file, for the error.</param>
    /// <exception cref="UsageException">They are no JSON object.</exception>
    public ParameterFileEdit(byte[] file, string label)
    {
        bytes = file;
        // The reader knows no byte order mark; with spaces in its place all offsets stay.
        var text = file.AsSpan().StartsWith(Mark) ? [.. "   "u8, .. file.AsSpan(3)] : file;
        try
        {
            var reader = new Utf8JsonReader(text, Comments);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new UsageException($"{label} must be a JSON object.", "write { \"Name\": value, … }");
            open = (int)reader.TokenStartIndex;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (name, start) = (reader.GetString()!, (int)reader.TokenStartIndex);
                reader.Read();
                var value = (int)reader.TokenStartIndex;
                reader.Skip();
                properties.Add(new Property(name, start, value, (int)reader.BytesConsumed));
            }

            close = (int)reader.TokenStartIndex;
            while (reader.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            throw new UsageException($"{label} is no valid JSON (line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}).", "look for a missing comma, quote or brace there");
        }
    }

    private string NewLine => bytes.AsSpan().IndexOf("\r\n"u8) >= 0 ? "\r\n" : "\n";

    /// <summary>The file's bytes with that value: in the place of an older one of that parameter, else as the last.</summary>
    /// <param name="json">The value in JSON.</param>
    public byte[] Set(string name, string json)
    {
        if (Find(name) is { } old)
            return Checked([.. bytes.AsSpan(0, old.Value), .. Encoding.UTF8.GetBytes(json), .. bytes.AsSpan(old.End)], name, properties.Count);

        var end = close;
        while (end > open + 1 && bytes[end - 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            end--;
        var oneLine = properties.Count > 0 && !bytes.AsSpan(open, close - open).Contains((byte)'\n');
        var spaces = Encoding.UTF8.GetString(bytes, end, close - end);
        var property = $"{(oneLine ? " " : NewLine + Indentation())}{JsonSerializer.Serialize(name)}: {json}{(oneLine || spaces.Contains('\n', StringComparison.Ordinal) ? spaces : NewLine)}";
        var last = properties.Count > 0 ? properties[^1].End : end;
        var comma = properties.Count > 0 ? "," : "";
        return Checked(
            [.. bytes.AsSpan(0, last), .. Encoding.UTF8.GetBytes(comma), .. bytes.AsSpan(last, end - last), .. Encoding.UTF8.GetBytes(property), .. bytes.AsSpan(close)],
            name, properties.Count + 1);
    }

    /// <summary>The file's bytes without that value; null when there is none.</summary>
    public byte[]? Remove(string name)
    {
        if (Find(name) is not { } old)
            return null;
        var index = properties.IndexOf(old);
        var cuts = new List<Range> { LineOf(old, Comma(old.End)) };
        if (index == properties.Count - 1 && index > 0)
            cuts.Add(Comma(properties[index - 1].End)!.Value);
        else if (Comma(old.End) is { } comma && !Covers(cuts[0], comma))
            cuts.Add(comma);
        var result = bytes.ToList();
        foreach (var cut in cuts.OrderByDescending(x => x.Start.Value))
            result.RemoveRange(cut.Start.Value, cut.End.Value - cut.Start.Value);
        return Checked([.. result], null, properties.Count - 1);
    }

    private static bool Covers(Range outer, Range inner) => inner.Start.Value >= outer.Start.Value && inner.End.Value <= outer.End.Value;

    private Property? Find(string name) => properties.Find(x => Naming.Plain(x.Name) == Naming.Plain(name));

    private string Indentation()
    {
        if (properties.Count == 0)
            return "  ";
        var start = properties[0].Start;
        while (start > 0 && bytes[start - 1] is (byte)' ' or (byte)'\t')
            start--;
        return start > 0 && bytes[start - 1] == '\n' ? Encoding.UTF8.GetString(bytes, start, properties[0].Start - start) : "  ";
    }

    /// <summary>The comma behind a value, over spaces and comments; null when a brace follows.</summary>
    private Range? Comma(int at)
    {
        for (; at < bytes.Length; at++)
        {
            if (bytes[at] == ',')
                return at..(at + 1);
            if (bytes[at] == '}')
                return null;
            if (bytes[at] == '/')
                at = (bytes[at + 1] == '/' ? at + bytes.AsSpan(at).IndexOf((byte)'\n') : at + 2 + bytes.AsSpan(at + 2).IndexOf("*/"u8) + 1);
        }

        return null;
    }

    /// <summary>The property with its comma; the whole line where nothing else stands in it.</summary>
    private Range LineOf(Property property, Range? comma)
    {
        var start = property.Start;
        var end = property.End;
        if (comma is { } found && bytes.AsSpan(end, found.Start.Value - end).IndexOfAnyExcept((byte)' ', (byte)'\t') < 0)
            end = found.End.Value;
        var (left, right) = (start, end);
        while (left > 0 && bytes[left - 1] is (byte)' ' or (byte)'\t')
            left--;
        while (right < bytes.Length && bytes[right] is (byte)' ' or (byte)'\t' or (byte)'\r')
            right++;
        return left > 0 && bytes[left - 1] == '\n' && right < bytes.Length && bytes[right] == '\n' ? left..(right + 1) : start..end;
    }

    /// <summary>The result, read again: it must hold the other values as they were.</summary>
    private byte[] Checked(byte[] result, string? set, int count)
    {
        var after = new ParameterFileEdit(result, "the changed file");
        var same = after.properties.Count == count && after.properties.Where(x => set is null || Naming.Plain(x.Name) != Naming.Plain(set))
            .All(x => Find(x.Name) is { } old && after.bytes.AsSpan(x.Value, x.End - x.Value).SequenceEqual(bytes.AsSpan(old.Value, old.End - old.Value)));
        return same ? result : throw new InvalidOperationException("the file can't be changed without changing other values");
    }

    /// <summary>Where a property stands: its name's first byte, its value's first, and the first behind it.</summary>
    private sealed record Property(string Name, int Start, int Value, int End);
}
