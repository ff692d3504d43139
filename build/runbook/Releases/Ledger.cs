using System.Text;
using Runback.Runbook.Deployments;
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
            return LedgerHistory.Empty;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunbookException($"expected to read {Path}, found: {exception.Message}", "let the user who runs this read the deployment's .runback folder", inner: exception);
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

    private FileStream Open() => new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
}
