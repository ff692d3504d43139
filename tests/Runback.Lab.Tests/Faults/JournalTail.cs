using System.Text;
using System.Text.Json.Nodes;
using Runback.Lab.Tests.Rollbacks;

namespace Runback.Lab.Tests.Faults;

/// <summary>Reads the journal of the run that comes next, while it is written.</summary>
/// <param name="runs">The folder of the deployment's runs.</param>
internal sealed class JournalTail(string runs)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(3);
    private readonly HashSet<string> _before = [.. Folders(runs)];
    private string? _folder;
    private long _seen;

    /// <summary>The new run's folder, or null as long as there is none.</summary>
    public string? Folder => _folder ??= Folders(runs).FirstOrDefault(folder => !_before.Contains(folder));

    /// <summary>The lines that are complete so far.</summary>
    public IReadOnlyList<JsonObject> Lines()
    {
        var path = Folder is null ? null : Path.Combine(Folder, "journal.jsonl");
        if (path is null || !File.Exists(path))
            return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    /// <summary>Waits for a moment; a run that ends without it is a failure of the row, not a success.</summary>
    public async Task WaitAsync(Moment moment, Program program)
    {
        _seen = 0;
        while (true)
        {
            var ended = program.HasEnded;
            if ((ended || HasGrown()) && Has(moment))
                return;
            Assert.False(ended, $"expected the moment {moment} in the run's journal; it ended without:\n{program.Said}");
            await Task.Delay(Glance, TestContext.Current.CancellationToken);
        }
    }

    // Reading it all at every glance would take a good part of a processor from the run itself.
    private bool HasGrown()
    {
        var file = Folder is null ? null : new FileInfo(Path.Combine(Folder, "journal.jsonl"));
        if (file is not { Exists: true } || file.Length == _seen)
            return false;
        _seen = file.Length;
        return true;
    }

    private bool Has(Moment moment)
    {
        var lines = Lines();
        var found = lines.Where(moment.Fits).Skip(moment.Number - 1).FirstOrDefault();
        return found is not null && (!moment.Ended || lines.Any(line => line["event"]!.ToString() == "changed" && line["number"]!.GetValue<int>() == found["number"]!.GetValue<int>()));
    }

    private static IEnumerable<string> Folders(string runs) => Directory.Exists(runs) ? Directory.EnumerateDirectories(runs) : [];
}
