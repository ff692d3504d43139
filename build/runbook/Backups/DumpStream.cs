using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>
/// Passes a dump on from a source to a target, hashing and checking its structure on the way. While one block is hashed and written the
/// next is read; two blocks are all the memory that it takes, whatever the size.
/// </summary>
public sealed class DumpStream
{
    private const int BlockSize = 1 << 20;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly ArchiveScanner _scanner = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says how far it is: bytes, and seconds since the beginning. Called every few seconds.</summary>
    public Action<long, double>? Progress { get; init; }

    /// <summary>Called for every block before it is written; an exception stops the stream.</summary>
    public Action? Guard { get; init; }

    /// <summary>Done when the first bytes came, or the stream has ended.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Passes everything on.</summary>
    /// <returns>What went through.</returns>
    public async Task<Result> CopyAsync(Stream source, Stream target, CancellationToken cancellation)
    {
        var blocks = (Reading: ArrayPool<byte>.Shared.Rent(BlockSize), Writing: ArrayPool<byte>.Shared.Rent(BlockSize));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var writing = Task.CompletedTask;
        try
        {
            for (int count; (count = await source.ReadAtLeastAsync(blocks.Reading.AsMemory(0, BlockSize), BlockSize, throwOnEndOfStream: false, cancellation)) > 0;)
            {
                await writing;
                _begun.TrySetResult();
                blocks = (blocks.Writing, blocks.Reading);
                var block = blocks.Writing.AsMemory(0, count);
                writing = Task.Run(() => PassAsync(block, hash, target, cancellation), cancellation);
                Tell();
            }
            await writing;
        }
        finally
        {
            _begun.TrySetResult();
            await writing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            ArrayPool<byte>.Shared.Return(blocks.Reading);
            ArrayPool<byte>.Shared.Return(blocks.Writing);
        }
        var fault = _scanner.End();
        return new Result(_scanner.Length, Convert.ToHexStringLower(hash.GetHashAndReset()), _scanner.Contents, fault);
    }

    private async Task PassAsync(ReadOnlyMemory<byte> block, IncrementalHash hash, Stream target, CancellationToken cancellation)
    {
        Guard?.Invoke();
        // The bytes are on their way to the target while they are hashed.
        var written = target.WriteAsync(block, cancellation);
        hash.AppendData(block.Span);
        _scanner.Write(block.Span);
        await written;
    }

    private TimeSpan _told;

    private void Tell()
    {
        if (Progress is null || _watch.Elapsed - _told < Between)
            return;
        _told = _watch.Elapsed;
        Progress(_scanner.Length, _watch.Elapsed.TotalSeconds);
    }

    /// <summary>What went through a <see cref="DumpStream"/>.</summary>
    /// <param name="Bytes">How many bytes.</param>
    /// <param name="Sha256">Their SHA-256, 64 lower-case hexadecimal digits.</param>
    /// <param name="Contents">What the dump says of itself, or null when it couldn't be read.</param>
    /// <param name="Fault">What is wrong with its structure, to follow "the file", or null.</param>
    public sealed record Result(long Bytes, string Sha256, ArchiveContents? Contents, string? Fault);

    /// <summary>Says progress as lines: bytes, of about how many, and the rate.</summary>
    public static Action<long, double> Say(Narration narration, string what, long about) => (bytes, seconds) =>
        narration.Say($"  {what}: {Bytes.Readable(bytes)}{(about > 0 ? $" of about {Bytes.Readable(about)}" : "")}, {Bytes.Readable(bytes / Math.Max(seconds, 0.001))}/s");
}
