using System.Security.Cryptography;
using System.Text;
using Runback.Runbook.Databases;
using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>
/// Everything in a database's catalogs that application code could notice: sorted, comparable, and hashed. What PostgreSQL or an extension
/// brings along isn't listed, nor temporary objects, the recorder's own schema, owners, the order of columns or positions of sequences.
/// Works on PostgreSQL 13 to 18, and only reads.
/// </summary>
public sealed record CatalogSnapshot
{
    private readonly Dictionary<(CatalogKind, string), CatalogObject> _byName;

    /// <summary>A snapshot of these objects.</summary>
    public CatalogSnapshot(IEnumerable<CatalogObject> objects)
    {
        Objects = objects.OrderBy(found => found.Kind).ThenBy(found => found.Identity, StringComparer.Ordinal).ToValueList();
        _byName = Objects.ToDictionary(found => (found.Kind, found.Identity));
        Fingerprint = Hash(Objects);
    }

    /// <summary>The objects, by kind and identity.</summary>
    public ValueList<CatalogObject> Objects { get; }

    /// <summary>SHA-256 of all objects, in lower-case hexadecimal: equal for equal schemas, whatever the order they were created in.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads the catalogs.</summary>
    /// <param name="client">The database: a server, or an open session whose transaction counts.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PostgresException">The server can't be reached or refuses.</exception>
    public static Task<CatalogSnapshot> ReadAsync(SqlClient client, CancellationToken cancellation) => CatalogReader.ReadAsync(client, cancellation);

    /// <summary>The object of a kind and identity; null when there is none.</summary>
    public CatalogObject? Find(CatalogKind kind, string identity) => _byName.GetValueOrDefault((kind, identity));

    /// <summary>The snapshot without some kinds, such as <see cref="CatalogKind.Privileges"/> when two servers are compared.</summary>
    public CatalogSnapshot Without(params IEnumerable<CatalogKind> kinds)
    {
        var left = kinds.ToHashSet();
        return new CatalogSnapshot(Objects.Where(found => !left.Contains(found.Kind)));
    }

    /// <summary>What differs in a later snapshot, by kind and identity.</summary>
    public IReadOnlyList<CatalogChange> DifferencesTo(CatalogSnapshot later)
    {
        var changes = new List<CatalogChange>();
        foreach (var before in Objects)
        {
            var after = later.Find(before.Kind, before.Identity);
            if (after is null)
                changes.Add(new CatalogChange(before.Kind, before.Identity, CatalogDifference.Removed, before, null));
            else if (after != before)
                changes.Add(new CatalogChange(before.Kind, before.Identity, CatalogDifference.Changed, before, after));
        }
        changes.AddRange(later.Objects.Where(after => Find(after.Kind, after.Identity) is null)
            .Select(after => new CatalogChange(after.Kind, after.Identity, CatalogDifference.Added, null, after)));
        return [.. changes.OrderBy(change => change.Kind).ThenBy(change => change.Identity, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public bool Equals(CatalogSnapshot? other) => other is not null && Fingerprint == other.Fingerprint;

    /// <inheritdoc/>
    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);

    // Each text with its length before it, so that no two lists of objects read the same.
    private static string Hash(IEnumerable<CatalogObject> objects)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var found in objects)
            foreach (var text in (IEnumerable<string>)[found.Kind.ToString(), found.Identity, found.Table ?? "", found.Definition, .. found.Attributes.SelectMany(one => new[] { one.Name, one.Value })])
                hash.AppendData(Encoding.UTF8.GetBytes($"{text.Length}:{text}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
