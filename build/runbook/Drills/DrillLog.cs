using System.Text;
using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills;

/// <summary>The memory of a deployment's drills, <c>drills.jsonl</c>: one line for each, only ever appended to, readable by its owner only.</summary>
/// <param name="path">The file.</param>
public sealed class DrillLog(string path)
{
    /// <summary>The log of a deployment, in its state folder.</summary>
    public static DrillLog Of(Deployment deployment) => new(Path.Combine(deployment.StatePath, "drills.jsonl"));

    /// <summary>Appends a line and flushes it to the disk. A line that an earlier crash left torn is ended first.</summary>
    /// <exception cref="RunbookException">The file can't be written.</exception>
    public void Append(string line)
    {
        try
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var torn = EndsTorn();
            using var file = PrivateFiles.Append(path);
            file.Write(Encoding.UTF8.GetBytes((torn ? "\n" : "") + line + "\n"));
            file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunbookException(
                $"expected to append to {path}, found: {exception.Message}", "make the deployment's .runback folder writable for the user who runs this", inner: exception);
        }
    }

    private bool EndsTorn()
    {
        if (!File.Exists(path))
            return false;
        using var file = File.OpenRead(path);
        if (file.Length == 0)
            return false;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }
}
