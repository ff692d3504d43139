using System.Buffers;

namespace Runback.Runbook.Backups;

/// <summary>
/// Follows a dump in custom format while it streams by, and tells whether it is whole: its table of contents, and for each entry with
/// data a block that ends where it says. The format has no trailer, so a stream that was cut shows only this way. It decodes nothing.
/// </summary>
public sealed class ArchiveScanner
{
    // A table of contents grows with the schema; a hundred thousand objects fit in this many bytes.
    private const int MaximumPrologue = 256 << 20;
    private const int Data = 1;
    private const int LargeObjects = 3;
    private readonly byte[] _integer = new byte[9];
    private ArrayBufferWriter<byte>? _prologue = new(64 << 10);
    private int _nextAttempt = 1;
    private Expect _expect = Expect.Block;
    private int _integerSize;
    private int _have;
    private int _block;
    private long _skip;
    private int _blocks;
    private bool _unknown;

    private enum Expect
    {
        Block,
        BlockId,
        ObjectId,
        ChunkLength,
        Chunk,
    }

    /// <summary>What the beginning says, or null while it isn't all there, or of a format newer than this program.</summary>
    public ArchiveContents? Contents { get; private set; }

    /// <summary>What is wrong, to follow "the file", or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Bytes seen.</summary>
    public long Length { get; private set; }

    /// <summary>Takes the next bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        if (Fault is not null || _unknown)
            return;
        if (_prologue is not null && !Prologue(ref bytes))
            return;
        while (bytes.Length > 0 && Fault is null)
            Step(ref bytes);
    }

    /// <summary>Says that no more bytes come, and gives what is wrong, or null when the dump is whole.</summary>
    public string? End()
    {
        if (Fault is not null || _unknown)
            return Fault;
        if (Length == 0)
            return Fault = "is empty";
        if (_prologue is not null)
        {
            _nextAttempt = 0;
            Write([]);
            if (_unknown || Fault is not null)
                return Fault;
            if (_prologue is not null)
                return Fault = "ends within its table of contents";
        }
        var expected = Contents!.Entries.Where(entry => entry.HasData).ToList();
        if (_expect == Expect.Block && _have == 0 && _blocks == expected.Count)
            return null;
        var at = expected.ElementAtOrDefault(_expect == Expect.Block ? _blocks : _blocks - 1);
        return Fault = $"ends within block {Math.Min(_blocks + (_expect == Expect.Block ? 1 : 0), expected.Count)} of {expected.Count}"
            + (at is null ? "" : $", {at.Kind} {at.Schema}.{at.Name}");
    }

    private bool Prologue(ref ReadOnlySpan<byte> bytes)
    {
        var before = _prologue!.WrittenCount;
        _prologue.Write(bytes);
        // Reading anew only when twice as much is there keeps the work in proportion to the length.
        if (_prologue.WrittenCount < _nextAttempt)
            return false;
        _nextAttempt = Math.Max(_prologue.WrittenCount * 2, 5);
        try
        {
            if (!ArchivePrologue.TryRead(_prologue.WrittenSpan, out var contents, out var length, out _integerSize))
            {
                if (_prologue.WrittenCount > MaximumPrologue)
                    Fault = "has a table of contents without an end";
                return false;
            }
            Contents = contents;
            // What was kept from earlier calls is data too when the last attempt came late.
            var rest = _prologue.WrittenSpan[length..];
            _prologue = null;
            if (length >= before)
                bytes = bytes[(length - before)..];
            else
                bytes = rest.ToArray();
            return true;
        }
        catch (InvalidDataException exception)
        {
            Fault = exception.Message;
        }
        catch (NotSupportedException)
        {
            _unknown = true;
        }
        return false;
    }

    private void Step(ref ReadOnlySpan<byte> bytes)
    {
        switch (_expect)
        {
            case Expect.Block:
                _block = bytes[0];
                bytes = bytes[1..];
                _blocks++;
                if (_block is Data or LargeObjects)
                    _expect = Expect.BlockId;
                else
                    Fault = $"holds an unknown kind of block ({_block}) as number {_blocks}: it is damaged";
                break;
            case Expect.BlockId:
                if (Integer(ref bytes) is not null)
                    _expect = _block == Data ? Expect.ChunkLength : Expect.ObjectId;
                break;
            case Expect.ObjectId:
                if (Integer(ref bytes) is { } id)
                    _expect = id == 0 ? Expect.Block : Expect.ChunkLength;
                break;
            case Expect.ChunkLength:
                if (Integer(ref bytes) is { } length)
                {
                    _skip = length;
                    _expect = length > 0 ? Expect.Chunk : _block == Data ? Expect.Block : Expect.ObjectId;
                }
                break;
            default:
                var passed = (int)Math.Min(_skip, bytes.Length);
                bytes = bytes[passed..];
                _skip -= passed;
                if (_skip == 0)
                    _expect = Expect.ChunkLength;
                break;
        }
    }

    private long? Integer(ref ReadOnlySpan<byte> bytes)
    {
        var wanted = 1 + _integerSize;
        var taken = Math.Min(wanted - _have, bytes.Length);
        bytes[..taken].CopyTo(_integer.AsSpan(_have));
        bytes = bytes[taken..];
        _have += taken;
        if (_have < wanted)
            return null;
        _have = 0;
        long value = 0;
        for (var i = _integerSize; i >= 1; i--)
            value = (value << 8) | _integer[i];
        if (_integer[0] != 0 || value < 0)
            Fault = "holds a negative length: it is damaged";
        return value;
    }
}
