using System.Text.Json;
using Runback.Engine.Binding;
using Runback.Engine.Graph;
using Runback.Engine.Output;

namespace Runback.Engine.Shell;

/// <summary>
/// The JSON schema (draft 4) of <c>.nuke/parameters*.json</c>, with the definitions <c>ExecutableTarget</c>, <c>Verbosity</c> and <c>NukeBuild</c> where NUKE's
/// own tools look for them.
/// </summary>
internal static class SchemaText
{
    /// <summary>The schema, ending with a line feed.</summary>
    public static string Of(ParameterCatalog parameters, TargetCatalog targets, NukeBuild build) => JsonDocuments.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("$schema", "http://json-schema.org/draft-04/schema#");
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (var name in (IEnumerable<string>)["$schema", "NoLogo", "Profile", "Verbosity", .. parameters.All.Select(x => x.Name).Order(StringComparer.Ordinal)])
        {
            writer.WriteStartObject(name);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteBoolean("additionalProperties", false);

        writer.WriteStartObject("definitions");
        Enumeration(writer, "ExecutableTarget", targets.Names.Order(StringComparer.Ordinal));
        Enumeration(writer, "Verbosity", Enum.GetNames<Verbosity>());
        WriteBase(writer);
        writer.WriteEndObject();

        writer.WriteStartArray("allOf");
        writer.WriteStartObject();
        writer.WriteStartObject("properties");
        foreach (var parameter in parameters.All.OrderBy(x => x.Name, StringComparer.Ordinal))
            WriteParameter(writer, parameter, parameter.AllowedFor(build));
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject();
        writer.WriteString("$ref", "#/definitions/NukeBuild");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }) + "\n";

    /// <summary>Writes <c>.nuke/build.schema.json</c> where it differs.</summary>
    /// <returns>The file's path.</returns>
    public static string WriteTo(AbsolutePath root, string schema)
    {
        string path = root / ".nuke" / "build.schema.json";
        if (!File.Exists(path) || File.ReadAllText(path) != schema)
            File.WriteAllText(path, schema);
        return path;
    }

    private static void WriteParameter(Utf8JsonWriter writer, Parameter parameter, IReadOnlyList<string> allowed)
    {
        writer.WriteStartObject(parameter.Name);
        if (parameter.IsList)
            writer.WriteString("type", "array");
        if (parameter.Description.Length > 0)
            writer.WriteString("description", parameter.Description);
        if (parameter.IsList)
            writer.WriteStartObject("items");
        writer.WriteString("type", ValueConverter.JsonTypeOf(parameter.ElementType));
        if (parameter.ElementType != typeof(bool) && allowed.Count > 0)
        {
            writer.WriteStartArray("enum");
            foreach (var value in allowed)
                writer.WriteStringValue(value);
            writer.WriteEndArray();
        }

        if (parameter.IsList)
            writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteBase(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("NukeBuild");
        writer.WriteStartObject("properties");
        writer.WriteStartObject("NoLogo");
        writer.WriteString("type", "boolean");
        writer.WriteString("description", BuiltInOptions.NoLogo.Description);
        writer.WriteEndObject();
        writer.WriteStartObject("Profile");
        writer.WriteStartArray("type");
        writer.WriteStringValue("string");
        writer.WriteStringValue("array");
        writer.WriteEndArray();
        writer.WriteString("description", "The profiles that are read when --profile names none.");
        writer.WriteStartObject("items");
        writer.WriteString("type", "string");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject("Verbosity");
        writer.WriteString("$ref", "#/definitions/Verbosity");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Enumeration(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartObject(name);
        writer.WriteString("type", "string");
        writer.WriteStartArray("enum");
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
