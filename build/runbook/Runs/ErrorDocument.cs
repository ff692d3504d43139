using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Runback.Runbook.Runs;

/// <summary>What <c>--json</c> prints where a command ended before it had a result.</summary>
public static class ErrorDocument
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    /// <summary>The document: outcome, exitCode, error, hint.</summary>
    public static string Of(RunbookException exception) => new JsonObject
    {
        ["outcome"] = exception.Outcome.ToString(),
        ["exitCode"] = exception.Outcome.ExitCode(),
        ["error"] = exception.Message,
        ["hint"] = exception.Hint,
    }.ToJsonString(Options);
}
