namespace Runback.Runbook.Restores;

/// <summary>A session on the application's database. What it runs is left out: statements hold people's data.</summary>
/// <param name="Pid">Its process on the server.</param>
/// <param name="User">Its role, or null for the server's own workers.</param>
/// <param name="Application">The name that it gave itself.</param>
/// <param name="Client">Where it comes from: an address, <c>local</c>, or the kind of worker that it is.</param>
/// <param name="State">active, idle, idle in transaction, …; null where the role may not see it.</param>
/// <param name="Since">When it began (UTC).</param>
public sealed record OpenSession(int Pid, string? User, string? Application, string Client, string? State, DateTimeOffset? Since)
{
    /// <summary>One line for people.</summary>
    public override string ToString() =>
        $"{(string.IsNullOrEmpty(Application) ? "a session" : Application)} of {User ?? "the server"} from {Client} (pid {Pid}{(State is null ? "" : ", " + State)}{(Since is { } since ? $", since {since:HH:mm:ss}" : "")})";
}
