using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>The database is at the revision at which it was left, in a version table that Alembic can go on from.</summary>
public sealed class RevisionCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "database revision";

    /// <inheritdoc/>
    public bool IsOfTheMoment => true;

    /// <inheritdoc/>
    public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        var found = await context.Revisions(cancellation);
        if (await context.VersionFault(found, cancellation) is { } fault)
            return new CheckRecord(Name, false, "a version table that alembic can go on from", fault.Found, fault.Hint);
        var passed = found.Count > 0 && (context.ExpectedRevisions is null || found.ToHashSet(StringComparer.Ordinal).SetEquals(context.ExpectedRevisions));
        return new CheckRecord(
            Name, passed, context.ExpectedRevisions is { } expected ? string.Join(", ", expected) : "a revision",
            found.Count == 0 ? "none" : string.Join(", ", found),
            passed ? null
            : found.Count == 0 ? "the version table is empty or missing: is this the application's database (--database)? If so, stamp it with the revision that its schema has"
            : "somebody else migrated the database meanwhile: see alembic_version");
    }
}
