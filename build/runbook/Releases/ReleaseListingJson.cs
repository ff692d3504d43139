using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Runback.Runbook.Releases;

/// <summary>The list of releases as a JSON document. Names are part of the contract with scripts: they are only added to.</summary>
public static class ReleaseListingJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>
    /// <c>{"image","at","releases":[{"tag","publishedAt","digest","heads","marks","verifiedAt","rolledBackWhy","problem"}],"notes"}</c>: moments in UTC as
    /// ISO 8601, what is unknown as null, marks as in <see cref="ReleaseMark"/> in camel case.
    /// </summary>
    public static string Write(ReleaseListing listing) => JsonSerializer.Serialize(
        new Document(
            listing.Image.Name,
            listing.At.UtcDateTime,
            [.. listing.Rows.Select(row => new Release(
                row.Tag, row.PublishedAt?.UtcDateTime, row.Digest?.Value, row.Heads, row.Marks, row.VerifiedAt?.UtcDateTime, row.RolledBackWhy, row.Problem))],
            listing.Notes),
        Options);

    private sealed record Document(string Image, DateTime At, IReadOnlyList<Release> Releases, IReadOnlyList<string> Notes);

    private sealed record Release(
        string Tag,
        DateTime? PublishedAt,
        string? Digest,
        IReadOnlyList<string> Heads,
        IReadOnlyList<ReleaseMark> Marks,
        DateTime? VerifiedAt,
        string? RolledBackWhy,
        string? Problem);
}
