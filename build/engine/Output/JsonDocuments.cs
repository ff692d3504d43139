using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Runback.Engine.Output;

/// <summary>The JSON documents that the engine writes itself.</summary>
internal static class JsonDocuments
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A call that was wrong.</summary>
    public static string Usage(UsageException exception) => Outcome("Usage", 2, exception.Message, exception.Hint);

    /// <summary>A run that failed before the build could write a document of its own.</summary>
    public static string Failure(Exception? exception, int code)
    {
        var (message, hint) = exception is null ? ("the run failed", null) : Failures.Describe(exception, withStack: false);
        return Outcome(Name(code), code, message, hint);
    }

    /// <summary>A run whose targets had no document of their own to print.</summary>
    public static string Done(IEnumerable<ExecutableTarget> targets) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("outcome", "Done");
        writer.WriteNumber("exitCode", 0);
        writer.WriteStartArray("targets");
        foreach (var target in targets)
        {
            writer.WriteStartObject();
            writer.WriteString("name", target.Name);
            writer.WriteString("status", target.Status.ToString());
            writer.WriteNumber("seconds", Math.Round(target.Duration.TotalSeconds, 3));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }, indented: false);

    // Exit codes above 128 are those of a signal, as a shell tells them.
    private static string Name(int code) => code switch
    {
        1 => "Error",
        2 => "Usage",
        > 128 => "Interrupted",
        _ => "Failed",
    };

    /// <summary>Writes a document.</summary>
    public static string Write(Action<Utf8JsonWriter> content, bool indented = true)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options with { Indented = indented }))
            content(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string Outcome(string outcome, int code, string error, string? hint) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("outcome", outcome);
        writer.WriteNumber("exitCode", code);
        writer.WriteString("error", error);
        writer.WriteString("hint", hint);
        writer.WriteEndObject();
    }, indented: false);
}
