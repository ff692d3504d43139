namespace Runback.Runbook.Databases;

/// <summary>
/// A PostgreSQL server inside a container, reached from inside it: sessions come over a relay, its own programs are run there. No published port, no
/// password on a command line, and the same over any Docker context.
/// </summary>
/// <param name="Container">The container's name or id.</param>
/// <param name="User">The role to connect as.</param>
/// <param name="Database">The database to connect to.</param>
public sealed record PostgresServerAddress(string Container, string User, string Database)
{
    /// <summary>The role's password, where the local socket asks for one.</summary>
    public string? Password { get; init; }

    /// <summary>The folder of the server's socket, where it isn't the one its programs expect.</summary>
    public string? SocketDirectory { get; init; }
}
