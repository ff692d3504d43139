namespace Runback.Runbook.Releases.Registries;

/// <summary>What opens a registry. Its text form never holds the secret.</summary>
public sealed class Credential
{
    private Credential(CredentialKind kind, string user, string secret)
    {
        Kind = kind;
        User = user;
        Secret = secret;
    }

    /// <summary>What kind of secret it is.</summary>
    public CredentialKind Kind { get; }

    /// <summary>The user's name; empty for tokens.</summary>
    public string User { get; }

    /// <summary>The password or token.</summary>
    internal string Secret { get; }

    /// <summary>A user with a password or an access token in its place.</summary>
    public static Credential Password(string user, string password) => new(CredentialKind.Password, user, password);

    /// <summary>A refresh token, which the token server exchanges (Docker calls it an identity token).</summary>
    public static Credential Identity(string token) => new(CredentialKind.Identity, "", token);

    /// <summary>A bearer token that the registry takes as it is.</summary>
    public static Credential Bearer(string token) => new(CredentialKind.Bearer, "", token);

    /// <summary>Whose credential it is, without the secret.</summary>
    public override string ToString() => Kind == CredentialKind.Password ? $"user {Untrusted.Quote(User)}" : "a stored token";
}

/// <summary>What kind of secret a credential is.</summary>
public enum CredentialKind
{
    /// <summary>User and password, sent as HTTP Basic to the registry or to its token server.</summary>
    Password,

    /// <summary>A refresh token for the token server.</summary>
    Identity,

    /// <summary>A token for the registry itself.</summary>
    Bearer,
}
