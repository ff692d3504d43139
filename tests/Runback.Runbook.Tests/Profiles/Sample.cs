using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Runback.Runbook.Profiles;

namespace Runback.Runbook.Tests.Profiles;

/// <summary>The sample projects beside this file, as Compose resolves them (resolve.sh there).</summary>
internal static class Sample
{
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder(), "*.yml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static ProjectSurvey Survey(string name)
    {
        string Text(string ending) => File.ReadAllText(Path.Combine(Folder(), name + ending));
        var survey = ProjectSurvey.Parse(Text(".all.json"), Text(".json"), Text(".template.json"), "/srv/app", [$"{name}.yml"], ".env");
        (string, string)[] files = [($"{name}.yml", Text(".yml"))];
        return survey with
        {
            Services = [.. survey.Services.Select(service => service with { ImageLine = ComposeLines.OfImage(service.Name, files, _ => null) })],
            Assigned = [.. survey.Services.Select(service => service.ImageTemplate).OfType<string>().SelectMany(text => ImageTemplate.Parse(text).Variables)],
            HasBackupFolder = true,
        };
    }

    public static ProfileProposal Propose(string name, params (string Key, JsonNode Value)[] given) =>
        ProfileRules.Propose(Survey(name), given.ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal));

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Projects");
}
