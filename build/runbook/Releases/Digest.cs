using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Releases;

/// <summary>
/// A content digest, <c>sha256:…</c> or <c>sha512:…</c>: the registered algorithms of the OCI image specification ("Digests"). Two contents
/// with one digest are the same bytes, whatever their tags say.
/// </summary>
public sealed partial record Digest
{
    /// <summary>How many hexadecimal characters an abbreviated digest shows.</summary>
    public const int AbbreviatedLength = 12;

    private Digest(string value) => Value = value;

    /// <summary>The digest as written in references: algorithm, colon, lower-case hexadecimal.</summary>
    public string Value { get; }

    /// <summary>The first characters of the hexadecimal part, for people.</summary>
    public string Abbreviated => Value.Substring(Value.IndexOf(':') + 1, AbbreviatedLength);

    /// <summary>Whether the text is a digest; gives it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = text is not null && Grammar().IsMatch(text) ? new Digest(text) : null;
        return digest is not null;
    }

    /// <summary>The SHA-256 digest of a content.</summary>
    public static Digest Of(ReadOnlySpan<byte> content) => new("sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <summary>Whether the content is what this digest stands for.</summary>
    public bool Matches(ReadOnlySpan<byte> content) => Value.StartsWith("sha512:", StringComparison.Ordinal)
        ? Value == "sha512:" + Convert.ToHexStringLower(SHA512.HashData(content))
        : this == Of(content);

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex(@"\A(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
