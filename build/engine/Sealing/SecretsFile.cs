using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runback.Engine.Binding;

namespace Runback.Engine.Sealing;

/// <summary>One parameters file as <c>:secrets</c> reads and changes it.</summary>
internal sealed class SecretsFile
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly string root;
    private readonly string path;
    private readonly ParameterCatalog parameters;
    private ParameterFile? file;

    /// <param name="profile">Empty for <c>.nuke/parameters.json</c>.</param>
    /// <exception cref="UsageException">The file is broken, or the profile has none.</exception>
    public SecretsFile(string root, string profile, ParameterCatalog parameters)
    {
        this.root = root;
        this.parameters = parameters;
        Profile = profile;
        Label = profile.Length == 0 ? ".nuke/parameters.json" : $".nuke/parameters.{profile}.json";
        var named = Path.Combine(root, Label);
        path = File.Exists(named) ? File.ResolveLinkTarget(named, returnFinalTarget: true)?.FullName ?? named : named;
        Read();
    }

    public string Profile { get; }

    /// <summary>The path as people write it.</summary>
    public string Label { get; }

    /// <summary>The encrypted values in it, in the order of the parameters.</summary>
    public IReadOnlyList<SealedValue> Sealed => [.. parameters.All.Select(Of).OfType<SealedValue>()];

    /// <summary>The encrypted value of a parameter; null when it is in plain text or not there.</summary>
    /// <exception cref="UsageException">It is broken.</exception>
    public SealedValue? Of(Parameter parameter) => file?.SealedValueOf(parameter);

    /// <summary>Whether the file has the parameter at all.</summary>
    public bool Has(Parameter parameter) => file?.Find(parameter.Name) is not null;

    /// <summary>Writes encrypted texts as a parameter's value.</summary>
    public void Set(Parameter parameter, IReadOnlyList<SealedText> texts)
    {
        var json = parameter.IsList
            ? JsonSerializer.Serialize(texts.Select(x => x.ToString()), Readable)
            : JsonSerializer.Serialize(texts[0].ToString(), Readable);
        Replace(new ParameterFileEdit(File.Exists(path) ? File.ReadAllBytes(path) : Encoding.UTF8.GetBytes("{\n  \"$schema\": \"build.schema.json\"\n}\n"), Label).Set(parameter.Name, json));
    }

    /// <summary>Takes a parameter's value out.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(Parameter parameter)
    {
        if (!File.Exists(path) || new ParameterFileEdit(File.ReadAllBytes(path), Label).Remove(parameter.Name) is not { } rest)
            return false;
        Replace(rest);
        return true;
    }

    private void Read() => file = Profile.Length == 0 ? ParameterFile.ReadDefault(root, parameters) : ParameterFile.ReadProfile(root, Profile, parameters);

    /// <summary>One rename exchanges the file: whoever reads it sees the old one or the new one, readable by its owner only.</summary>
    private void Replace(byte[] content)
    {
        var fresh = $"{path}.{Environment.ProcessId}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var stream = new FileStream(fresh, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(fresh);
            throw new UsageException($"{Label} can't be written: {exception.Message}", "check who owns its folder, and whether there is room");
        }

        Read();
    }
}
