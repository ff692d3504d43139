using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Runback.Runbook.Tests.Reports;

/// <summary>A state folder with the files of a drill that really ran, in a place that is thrown away.</summary>
internal sealed class RecordedRun : IDisposable
{
    public const string Id = "20261122T120818Z-fafd";

    public RecordedRun()
    {
        Folder = Path.Combine(State, "runs", Id);
        Directory.CreateDirectory(Folder);
        foreach (var file in Directory.EnumerateFiles(Source()))
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
    }

    public string State { get; } = Path.Combine(Directory.CreateTempSubdirectory("runback-report-").FullName, ".runback");

    public string Folder { get; }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(State)!, recursive: true);

    /// <summary>Changes the result as another version, or another run, would have written it.</summary>
    public void Edit(string file, Action<JsonObject> edit)
    {
        var path = Path.Combine(Folder, file);
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        edit(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    public void Delete(params IEnumerable<string> files)
    {
        foreach (var file in files)
            File.Delete(Path.Combine(Folder, file));
    }

    public void Journal(params IEnumerable<object> lines) =>
        File.AppendAllLines(Path.Combine(Folder, "journal.jsonl"), lines.Select(line => line as string ?? JsonSerializer.Serialize(line)));

    private static string Source([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Recorded");
}
