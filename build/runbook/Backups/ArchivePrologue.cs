using System.Text;

namespace Runback.Runbook.Backups;

/// <summary>Reads the head and the table of contents of a dump in custom format, from memory.</summary>
internal ref struct ArchivePrologue
{
    private const int Custom = 1;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _integerSize;
    private int _offsetSize;

    private ArchivePrologue(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The file's first five bytes.</summary>
    public static ReadOnlySpan<byte> Magic => "PGDMP"u8;

    /// <summary>Reads as much as there is.</summary>
    /// <param name="bytes">The file's beginning.</param>
    /// <param name="contents">What it says, or null when more bytes are needed.</param>
    /// <param name="length">The length of head and table of contents, in bytes.</param>
    /// <param name="integerSize">The size of the integers in the data that follows, in bytes, without their sign.</param>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ArchiveContents? contents, out int length, out int integerSize)
    {
        var reader = new ArchivePrologue(bytes);
        (contents, length, integerSize) = (null, 0, 0);
        try
        {
            contents = reader.Read();
            (length, integerSize) = (reader._position, reader._integerSize);
            return true;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }

    private ArchiveContents Read()
    {
        var magic = Take(Magic.Length);
        if (!magic.SequenceEqual(Magic))
            throw new InvalidDataException($"begins with `{Printable(_bytes[..Math.Min(_bytes.Length, 16)])}` and not with PGDMP");
        var (major, minor) = (Byte(), Byte());
        Byte();
        _integerSize = Byte();
        _offsetSize = Byte();
        var format = Byte();
        if (format != Custom)
            throw new InvalidDataException($"is a pg_dump archive of another format ({format}) than custom");
        if (major != 1 || minor is < 12 or > 16 || _integerSize is < 4 or > 8 || _offsetSize is < 4 or > 8)
            throw new NotSupportedException($"archive format {major}.{minor}");
        var compression = minor >= 15 ? Algorithm(Byte()) : Integer() == 0 ? "none" : "gzip";
        for (var i = 0; i < 7; i++)
            Integer();
        var (database, server, dump) = (Text() ?? "", Text() ?? "", Text() ?? "");
        var count = Integer();
        if (count < 0)
            throw new InvalidDataException("has a table of contents of negative length");
        var entries = new List<ArchiveEntry>();
        for (var i = 0; i < count; i++)
            entries.Add(Entry(minor));
        return new ArchiveContents($"{major}.{minor}", compression, database, server, dump, entries);
    }

    private ArchiveEntry Entry(int minor)
    {
        Integer();
        var hasData = Integer() != 0;
        Text();
        Text();
        var (name, kind) = (Text(), Text());
        Integer();
        Text();
        Text();
        Text();
        var schema = Text();
        Text();
        if (minor >= 14)
            Text();
        if (minor >= 16)
            Integer();
        var owner = Text();
        Text();
        while (Text() is not null)
        {
            // Dependencies: ids, ended by a null.
        }
        Take(1 + _offsetSize);
        return new ArchiveEntry(kind ?? "", schema, name ?? "", owner, hasData);
    }

    private static string Algorithm(int number) => number switch { 0 => "none", 1 => "gzip", 2 => "lz4", 3 => "zstd", _ => $"unknown ({number})" };

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _position)
            throw new EndOfStreamException();
        var taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }

    private int Byte() => Take(1)[0];

    private int Integer()
    {
        var bytes = Take(1 + _integerSize);
        long value = 0;
        for (var i = _integerSize; i >= 1; i--)
            value = (value << 8) | bytes[i];
        if (value is < 0 or > int.MaxValue)
            throw new InvalidDataException("holds a number that is too large: it is damaged");
        return bytes[0] == 0 ? (int)value : -(int)value;
    }

    private string? Text()
    {
        var length = Integer();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    private static string Printable(ReadOnlySpan<byte> bytes) => string.Concat(bytes.ToArray().Select(b => b is >= 32 and < 127 ? (char)b : '·'));
}
