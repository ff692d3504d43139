using System.Buffers.Binary;

namespace Runback.Engine.Sealing;

/// <summary>
/// An encrypted value as it stands in <c>.nuke/parameters*.json</c>: <c>runback:v1:</c> and base64 of the number of iterations (4 bytes, big endian),
/// the salt, the nonce, the tag and the encrypted text.
/// </summary>
/// <param name="Iterations">Of the key derivation.</param>
internal sealed record SealedText(int Iterations, byte[] Salt, byte[] Nonce, byte[] Tag, byte[] Text)
{
    /// <summary>What the values of this version begin with.</summary>
    public const string Prefix = Family + "1:";

    /// <summary>OWASP's number for PBKDF2 with HMAC-SHA-256; a value made with fewer is refused.</summary>
    public const int LeastIterations = 600_000;

    // More would let a file keep a run busy for minutes.
    private const int MostIterations = 5_000_000;
    private const string Family = "runback:v";
    private const int SaltLength = 16;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = 4 + SaltLength + NonceLength + TagLength;

    /// <summary>Whether a text claims to be encrypted, by this version or another.</summary>
    public static bool IsOne(string text) => text.StartsWith(Family, StringComparison.Ordinal);

    /// <summary>Whether a text looks like a value that NUKE's own command encrypted: <c>v1:</c> and whole blocks in base64.</summary>
    public static bool IsForeign(string text) => text.StartsWith("v1:", StringComparison.Ordinal)
        && Convert.TryFromBase64String(text[3..], new byte[text.Length], out var length) && length > 0 && length % 16 == 0;

    /// <summary>Reads one.</summary>
    /// <param name="where">Where it stands, for the error.</param>
    /// <param name="least">The fewest iterations to accept.</param>
    /// <exception cref="UsageException">It is of another version, incomplete, or made with a number of iterations outside of the limits.</exception>
    public static SealedText Parse(string text, string where, int least = LeastIterations)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            throw Broken(where, $"is encrypted in a version that this build doesn't know (it knows {Prefix}…)");
        var bytes = new byte[text.Length];
        // The same bytes can be written in several ways; only the one that is written here is read.
        if (!Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) || Convert.ToBase64String(bytes, 0, length) != text[Prefix.Length..])
            throw Broken(where, "is no complete encrypted value: it is no base64");
        if (length <= HeadLength)
            throw Broken(where, $"is no complete encrypted value: more than {HeadLength} bytes expected, {length} found");
        var iterations = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (iterations < least || iterations > MostIterations)
            throw Broken(where, $"is encrypted with {iterations} iterations, where {least} to {MostIterations} are accepted");
        return new SealedText(iterations, bytes[4..20], bytes[20..32], bytes[32..HeadLength], bytes[HeadLength..length]);
    }

    /// <summary>Room for a text of so many bytes.</summary>
    public static SealedText Empty(int iterations, int length) =>
        new(iterations, new byte[SaltLength], new byte[NonceLength], new byte[TagLength], new byte[length]);

    /// <inheritdoc />
    public override string ToString()
    {
        var head = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(head, Iterations);
        return Prefix + Convert.ToBase64String([.. head, .. Salt, .. Nonce, .. Tag, .. Text]);
    }

    private static UsageException Broken(string where, string what) => new($"{where} {what}.", "set it again: ./build.sh :secrets [profile] NAME");
}
