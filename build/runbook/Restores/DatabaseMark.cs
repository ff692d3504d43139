using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Runback.Runbook.Restores;

/// <summary>
/// What Runback writes into the comment of a database that it made or replaced. The comment changes in the transaction that changes the
/// names, so names and marks never disagree, and whoever comes after a crash reads where the run was from the catalogs alone.
/// </summary>
/// <param name="Stage">What the database is.</param>
/// <param name="Run">The run.</param>
/// <param name="Database">The application's database.</param>
public sealed record DatabaseMark(RestoreStage Stage, string Run, string Database)
{
    private const string Prefix = "Runback keeps this: ";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The dump's file name.</summary>
    public string? Dump { get; init; }

    /// <summary>The dump's SHA-256.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The moment that the dump shows (UTC), where known.</summary>
    public DateTimeOffset? Snapshot { get; init; }

    /// <summary>The release that the dump was restored for, or null.</summary>
    public string? Release { get; init; }

    /// <summary>
    /// The object identifier of the database that took this one's place, which no renaming changes: as long as the application's database has it, the dump is
    /// what it began as. Null where none has.
    /// </summary>
    public long? Placed { get; init; }

    /// <summary>When the mark was written (UTC).</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What the database had while it was the application's, and will have again when it is.</summary>
    public ServingState? Was { get; init; }

    /// <summary>What the way back has to give back to a database, beside its name.</summary>
    /// <param name="ConnectionLimit">Its connection limit; -1 is none.</param>
    /// <param name="Comment">Its comment, or null.</param>
    /// <param name="ReadOnly">Its own <c>default_transaction_read_only</c>, or null when it had none.</param>
    public sealed record ServingState(int ConnectionLimit, string? Comment, string? ReadOnly);

    /// <summary>Reads a database's comment; null when it is no mark.</summary>
    public static DatabaseMark? Parse(string? comment)
    {
        if (comment?.StartsWith(Prefix, StringComparison.Ordinal) != true)
            return null;
        try
        {
            return JsonSerializer.Deserialize<DatabaseMark>(comment[Prefix.Length..], Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The comment.</summary>
    public override string ToString() => Prefix + JsonSerializer.Serialize(this, Options);
}
