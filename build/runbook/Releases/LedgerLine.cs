using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Runback.Runbook.Releases.Registries;

namespace Runback.Runbook.Releases;

/// <summary>The text form of one ledger event: a JSON object on a line, its tag early so that even a torn line names its release.</summary>
internal static class LedgerLine
{
    /// <summary>The version of the format, written in each line. A change that older readers would misread counts it up.</summary>
    public const int Version = 1;

    private const int MaximumDepth = 8;
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line of an event, without its end.</summary>
    public static string Write(LedgerEvent entry)
    {
        var line = new JsonObject
        {
            ["version"] = Version,
            ["event"] = entry switch
            {
                Deployed => "deployed",
                VerifiedGood => "verifiedGood",
                RolledBackFrom => "rolledBackFrom",
                TrustedAgain => "trustedAgain",
                _ => throw new ArgumentException($"an event without a name: {entry.GetType().Name}", nameof(entry)),
            },
            ["tag"] = entry.Tag,
            ["at"] = entry.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["run"] = entry.Run,
            ["digests"] = JsonSerializer.SerializeToNode(entry.Digests),
        };
        switch (entry)
        {
            case Deployed deployed:
                line["heads"] = JsonSerializer.SerializeToNode(deployed.Heads);
                break;
            case VerifiedGood verified:
                line["heads"] = JsonSerializer.SerializeToNode(verified.Heads);
                break;
            case RolledBackFrom left:
                line["why"] = left.Why;
                break;
            case TrustedAgain trusted:
                line["by"] = trusted.By;
                line["why"] = trusted.Why;
                break;
        }
        return line.ToJsonString(Options);
    }

    /// <summary>Reads a line. Where it can't be understood, the event is null and the reason says why.</summary>
    public static (LedgerEvent? Event, string? Reason) Read(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith('{'))
            return (null, "is damaged");
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaximumDepth });
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return (null, "is damaged");
        }
    }

    private static (LedgerEvent? Event, string? Reason) Read(JsonElement line)
    {
        if (line.Member("version") is not { ValueKind: JsonValueKind.Number } number || !number.TryGetInt32(out var version) || version < 1)
            return (null, "is damaged");
        if (version > Version)
            return (null, $"was written by a newer Runback (format {version}, known up to {Version})");
        if (line.Member("tag").Text() is not { Length: > 0 } tag || line.Member("run").Text() is not { } run || line.Member("at").Moment() is not { } at)
            return (null, "is damaged");
        Dictionary<string, string> digests = new(StringComparer.Ordinal);
        foreach (var digest in line.Member("digests")?.Members() ?? [])
        {
            if (digest.Value.Text() is { } value)
                digests[digest.Name] = value;
        }
        string[] heads = [.. line.Member("heads").Items().Select(head => head.Text()).OfType<string>()];
        var why = line.Member("why").Text();
        var name = line.Member("event").Text() ?? "";
        LedgerEvent? entry = name switch
        {
            "deployed" => new Deployed(tag, digests, at, run) { Heads = heads },
            "verifiedGood" => new VerifiedGood(tag, digests, at, run) { Heads = heads },
            "rolledBackFrom" => new RolledBackFrom(tag, digests, at, run) { Why = why },
            "trustedAgain" => new TrustedAgain(tag, digests, at, run) { By = line.Member("by").Text(), Why = why },
            _ => null,
        };
        return entry is null ? (null, $"holds an event that this Runback doesn't know: {Untrusted.Quote(name)}") : (entry, null);
    }
}
