using System.Text.Json;
using Runback.Engine.Sealing;

namespace Runback.Engine.Binding;

/// <summary>One of the files <c>.nuke/parameters*.json</c>: its values by plain name, all known keys.</summary>
internal sealed class ParameterFile
{
    private static readonly string[] EngineKeys = ["profile", "verbosity", "nologo"];

    private readonly Dictionary<string, (string Key, JsonElement Value)> values = [];

    private ParameterFile(string label, string profile)
    {
        Label = label;
        Profile = profile;
    }

    /// <summary>Whose file it is; empty for <c>.nuke/parameters.json</c>.</summary>
    public string Profile { get; }

    /// <summary>The path as people write it, <c>.nuke/parameters.lab.json</c>.</summary>
    public string Label { get; }

    /// <summary>The profile names it holds under <c>Profile</c>; empty when it holds none.</summary>
    public IReadOnlyList<string> Profiles => Text("profile");

    /// <summary>The names of the profiles that a root has files for.</summary>
    public static IReadOnlyList<string> ProfilesIn(string root)
    {
        var folder = Path.Combine(root, ".nuke");
        return !Directory.Exists(folder) ? [] :
        [
            .. Directory.EnumerateFiles(folder, "parameters.*.json").Select(x => Path.GetFileName(x)["parameters.".Length..^".json".Length])
                .Where(x => x.Length > 0).Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The file that counts for every run; null when there is none.</summary>
    /// <exception cref="UsageException">It can't be read, isn't a JSON object, or has an unknown key.</exception>
    public static ParameterFile? ReadDefault(string root, ParameterCatalog parameters) =>
        File.Exists(Path.Combine(root, ".nuke", "parameters.json")) ? Read(root, "parameters.json", parameters, profile: "") : null;

    /// <summary>The file of a profile.</summary>
    /// <inheritdoc cref="ReadDefault" path="/exception"/>
    public static ParameterFile ReadProfile(string root, string profile, ParameterCatalog parameters)
    {
        var known = ProfilesIn(root);
        if (!known.Contains(profile))
        {
            throw new UsageException($"There is no profile '{profile}': .nuke/parameters.{profile}.json is missing.",
                known.Count == 0 ? "there are no profiles" : $"{Nearest.Guess(profile, known)}profiles: {string.Join(", ", known)}");
        }

        return Read(root, $"parameters.{profile}.json", parameters, profile);
    }

    /// <summary>The value of a parameter, and its key as written; null when the file has none.</summary>
    public (string Key, JsonElement Value)? Find(string name) => values.TryGetValue(Naming.Plain(name), out var found) ? found : null;

    /// <summary>The value of a parameter when it, or a part of it, is encrypted; else null.</summary>
    /// <exception cref="UsageException">It is broken, or encrypted by something else, or its parameter is no secret.</exception>
    public SealedValue? SealedValueOf(Parameter parameter)
    {
        if (Find(parameter.Name) is not { } found)
            return null;
        IReadOnlyList<JsonElement> items = parameter.IsList && found.Value.ValueKind == JsonValueKind.Array ? [.. found.Value.EnumerateArray()] : [found.Value];
        IReadOnlyList<string> texts = [.. items.Where(x => x.ValueKind == JsonValueKind.String).Select(x => x.GetString()!)];
        if (texts.Count != items.Count)
            return null;
        if (parameter.IsSecret && texts.Any(SealedText.IsForeign))
            throw new UsageException($"{Label}: {found.Key} was encrypted by NUKE's own command, which this build can't decrypt.", $"set it again: ./build.sh :secrets {Profile}{(Profile.Length > 0 ? " " : "")}{parameter.Name}");
        return texts.Any(SealedText.IsOne) ? new SealedValue(parameter, texts, Profile, Label, found.Key).Checked() : null;
    }

    /// <summary>The text or list of texts under one of the engine's own keys.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public IReadOnlyList<string> Text(string name)
    {
        if (Find(name) is not { } found)
            return [];
        var items = found.Value.ValueKind == JsonValueKind.Array ? found.Value.EnumerateArray().ToList() : [found.Value];
        return items.All(x => x.ValueKind == JsonValueKind.String && x.GetString()!.Length > 0)
            ? [.. items.Select(x => x.GetString()!)]
            : throw new UsageException($"{Label}: {found.Key} must be a string or a list of strings.", $"write \"{found.Key}\": \"…\"");
    }

    private static ParameterFile Read(string root, string name, ParameterCatalog parameters, string profile)
    {
        var isDefault = profile.Length == 0;
        var file = new ParameterFile($".nuke/{name}", profile);
        foreach (var property in Parse(Path.Combine(root, ".nuke", name), file.Label).EnumerateObject())
        {
            if (property.Name == "$schema")
                continue;
            var plain = Naming.Plain(property.Name);
            if (parameters.Find(plain) is null && !(EngineKeys.Contains(plain) && (isDefault || plain != "profile")))
            {
                var keys = parameters.All.Select(x => x.Name).Concat(["Verbosity", "NoLogo"]).Concat(isDefault ? ["Profile"] : Array.Empty<string>());
                throw new UsageException($"{file.Label}: there is no parameter {property.Name}.",
                    Nearest.Guess(property.Name, keys) + "--help lists all parameters");
            }

            if (!file.values.TryAdd(plain, (property.Name, property.Value)))
                throw new UsageException($"{file.Label}: {property.Name} is there more than once.", "keep one of them");
        }

        return file;
    }

    private static JsonElement Parse(string path, string label)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new UsageException($"{label} must be a JSON object.", "write { \"Name\": value, … }");
        }
        catch (JsonException exception)
        {
            throw new UsageException($"{label} is no valid JSON (line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}).",
                "look for a missing comma, quote or brace there");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{label} can't be read: {exception.Message}", "check who owns it and its mode");
        }
    }
}
