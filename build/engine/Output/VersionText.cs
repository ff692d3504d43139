using System.Reflection;
using System.Runtime.InteropServices;

namespace Runback.Engine.Output;

/// <summary>What <c>--version</c> prints: whose build this is, its version, the commit it was made of where that is known, and what it runs on.</summary>
internal static class VersionText
{
    /// <summary>One line, or one JSON document.</summary>
    public static string Of(Assembly build, bool json)
    {
        var name = build.GetCustomAttribute<AssemblyCompanyAttribute>()?.Company ?? build.GetName().Name!;
        var parts = (build.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? $"{build.GetName().Version}").Split('+', 2);
        var commit = parts.Length == 2 ? parts[1] : null;
        var runtime = RuntimeInformation.FrameworkDescription;
        var shown = commit is null ? "" : $" ({commit[..Math.Min(12, commit.Length)]})";
        return !json ? $"{name} {parts[0]}{shown}, {runtime}, {RuntimeInformation.RuntimeIdentifier}" : JsonDocuments.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("version", parts[0]);
            writer.WriteString("commit", commit);
            writer.WriteString("runtime", runtime);
            writer.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
            writer.WriteEndObject();
        });
    }
}
