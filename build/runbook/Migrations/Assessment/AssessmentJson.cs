using System.Text;
using System.Text.Json;

namespace Runback.Runbook.Migrations.Assessment;

/// <summary>The JSON document of an assessment, for the pull-request gate.</summary>
public static class AssessmentJson
{
    /// <summary>
    /// <c>{"revisions":[{"revision","downRevisions":[],"file","verdict","reasons":[{"rule","severity","object","detail","line"}],"downgrade"}],"verdict"}</c>,
    /// the revisions oldest first. A reason's line is null when no single line decides.
    /// </summary>
    /// <param name="assessment">The assessment.</param>
    /// <param name="more">Writes further properties; null for none.</param>
    public static string Write(PathAssessment assessment, Action<Utf8JsonWriter>? more = null)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartArray("revisions");
            foreach (var revision in assessment.Revisions)
                Write(json, revision);
            json.WriteEndArray();
            json.WriteString("verdict", assessment.Verdict.ToString());
            more?.Invoke(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter json, RevisionAssessment revision)
    {
        json.WriteStartObject();
        json.WriteString("revision", revision.Script.Revision);
        json.WriteStartArray("downRevisions");
        foreach (var down in revision.Script.DownRevisions)
            json.WriteStringValue(down);
        json.WriteEndArray();
        json.WriteString("file", revision.Script.File);
        json.WriteString("verdict", revision.Verdict.ToString());
        json.WriteStartArray("reasons");
        foreach (var reason in revision.Reasons)
        {
            json.WriteStartObject();
            json.WriteString("rule", reason.Rule);
            json.WriteString("severity", reason.Severity.ToString());
            json.WriteString("object", reason.Subject);
            json.WriteString("detail", reason.Detail);
            if (reason.Allowed is { } why)
                json.WriteString("allowed", why);
            if (reason.At.Line > 0)
                json.WriteNumber("line", reason.At.Line);
            else
                json.WriteNull("line");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("downgrade", revision.Downgrade.Kind.ToString());
        json.WriteEndObject();
    }
}
