namespace Runback.Runbook.Backups;

/// <summary>What a dump in PostgreSQL's custom format says of itself in its beginning (<c>pg_backup_archiver.c</c>, ReadHead and ReadToc).</summary>
/// <param name="FormatVersion">The archive format's version, such as 1.16.</param>
/// <param name="Compression">none, gzip, lz4 or zstd.</param>
/// <param name="Database">The database that was dumped.</param>
/// <param name="ServerVersion">The version of the server that it was in.</param>
/// <param name="DumpVersion">The version of the pg_dump that wrote it.</param>
/// <param name="Entries">The table of contents.</param>
public sealed record ArchiveContents(
    string FormatVersion, string Compression, string Database, string ServerVersion, string DumpVersion, IReadOnlyList<ArchiveEntry> Entries)
{
    /// <summary>The roles that own something in it, sorted.</summary>
    public IEnumerable<string> Owners =>
        Entries.Select(entry => entry.Owner).OfType<string>().Where(owner => owner.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
}

/// <summary>One line of a dump's table of contents.</summary>
/// <param name="Kind">What it is, in pg_dump's words: TABLE, TABLE DATA, INDEX, …</param>
/// <param name="Schema">Its schema, or null.</param>
/// <param name="Name">Its name.</param>
/// <param name="Owner">The role that owns it, or null.</param>
/// <param name="HasData">Whether a block of data belongs to it.</param>
public sealed record ArchiveEntry(string Kind, string? Schema, string Name, string? Owner, bool HasData);
