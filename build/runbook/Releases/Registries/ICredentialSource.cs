namespace Runback.Runbook.Releases.Registries;

/// <summary>Where credentials come from.</summary>
public interface ICredentialSource
{
    /// <summary>Looks up the credential of a registry.</summary>
    /// <param name="registry">The registry as references name it, <c>host[:port]</c> or <c>docker.io</c>.</param>
    /// <param name="cancellation">Ends the look-up.</param>
    Task<CredentialAnswer> FindAsync(string registry, CancellationToken cancellation);
}

/// <summary>What a look-up found.</summary>
/// <param name="Credential">The credential, or null when there is none.</param>
/// <param name="Problem">Why none could be read although one may be there, for the hint of a refused request; else null.</param>
public sealed record CredentialAnswer(Credential? Credential, string? Problem = null);

/// <summary>No credentials: whatever the registry shows to everyone.</summary>
public sealed class NoCredentials : ICredentialSource
{
    /// <inheritdoc/>
    public Task<CredentialAnswer> FindAsync(string registry, CancellationToken cancellation) => Task.FromResult(new CredentialAnswer(null));
}

/// <summary>One user and password, as the profile's parameters give them.</summary>
/// <param name="user">The user's name.</param>
/// <param name="password">The password or access token.</param>
public sealed class GivenCredentials(string user, string password) : ICredentialSource
{
    /// <inheritdoc/>
    public Task<CredentialAnswer> FindAsync(string registry, CancellationToken cancellation) =>
        Task.FromResult(new CredentialAnswer(Credential.Password(user, password)));
}
