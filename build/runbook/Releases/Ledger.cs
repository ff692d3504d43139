using System.Text;
using System.Text.Json;
using Runback.Runbook.Deployments;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Releases;

/// <summary>
/// The memory of a deployment, <c>releases.jsonl</c>: which releases verified good, and which were rolled back from. It is only ever appended to, each
/// event flushed to the disk, and readable by its owner only.
/// </summary>
/// <param name="path">The file.</param>
public sealed class Ledger(string path)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>The ledger of a deployment, in its state folder.</summary>
    public static Ledger Of(Deployment deployment) => new(System.IO.Path.Combine(deployment.StatePath, "releases.jsonl"));

    /// <summary>Appends an event. A line that an earlier crash left torn is ended first, so that it damages nothing but itself.</summary>
    /// <exception cref="RunbookException">The file can't be written.</exception>
    public void Append(LedgerEvent entry)
    {
        try
        {
            PrivateFiles.CreateFolder(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
            var line = (EndsTorn() ? "\n" : "") + LedgerLine.Write(entry) + "\n";
            using var file = PrivateFiles.Append(Path);
            file.Write(Encoding.UTF8.GetBytes(line));
            file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunbookException(
                $"expected to append to {Path}, found: {exception.Message}",
                "make the deployment's .runback folder writable for the user who runs this, and see that its disk has room", inner: exception);
        }
    }

    /// <summary>Reads everything. A missing file is an empty history.</summary>
    /// <exception cref="RunbookException">The file is there and can't be read.</exception>
    public LedgerHistory Read()
    {
        try
        {
            using var file = Open();
            using var reader = new StreamReader(file, Encoding.UTF8);
            return LedgerHistory.Parse(reader.ReadToEnd());
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Runs that were kept beside it had one.
            return HasRuns() ? LedgerHistory.Gone(Path) : LedgerHistory.Empty;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunbookException(
                $"expected to read {Path}, found: {exception.Message}", "let it be a file, and let the user who runs this read the deployment's .runback folder", Outcome.Refused, exception);
        }
    }

    // A run that rolled back, or verified a release, has written into it.
    private bool HasRuns()
    {
        try
        {
            var runs = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, "runs");
            return Directory.Exists(runs) && Directory.EnumerateDirectories(runs).Any(run => Wrote(System.IO.Path.Combine(run, Run.ResultName)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Wrote(string result)
    {
        const int Longest = 16 << 20;
        try
        {
            using var document = JsonDocument.Parse(BoundedFile.Read(result, Longest));
            var run = document.RootElement;
            return run.Member("outcome").Text() == nameof(Outcome.Done) && run.Member("target").Text() is "Rollback" or "Verify" or "Return";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // It tells nothing.
            return false;
        }
    }

    private bool EndsTorn()
    {
        if (!File.Exists(Path))
            return false;
        using var file = Open();
        if (file.Length == 0)
            return false;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }

    private FileStream Open()
    {
        ForeignLink.ThrowIfFollowed(Path);
        return RegularFile.Is(Path) || !System.IO.Path.Exists(Path) ? Opened() : throw new IOException($"it is {RegularFile.Described(Path)}");
    }

    private FileStream Opened() => new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
}
