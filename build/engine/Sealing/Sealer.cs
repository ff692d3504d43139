using System.Security.Cryptography;

namespace Runback.Engine.Sealing;

/// <summary>Encrypts and decrypts: AES-256 in Galois/counter mode (NIST SP 800-38D), the key by PBKDF2 with HMAC-SHA-256 (RFC 8018).</summary>
internal static class Sealer
{
    private const int KeyLength = 32;

    /// <summary>Encrypts a text, with a salt and a nonce of its own.</summary>
    public static SealedText Seal(ReadOnlySpan<byte> text, ReadOnlySpan<byte> password, SealContext context, int iterations = SealedText.LeastIterations)
    {
        var result = SealedText.Empty(iterations, text.Length);
        RandomNumberGenerator.Fill(result.Salt);
        RandomNumberGenerator.Fill(result.Nonce);
        Span<byte> key = stackalloc byte[KeyLength];
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(password, result.Salt, key, iterations, HashAlgorithmName.SHA256);
            using var cipher = new AesGcm(key, result.Tag.Length);
            cipher.Encrypt(result.Nonce, text, result.Text, result.Tag, context.AssociatedData(iterations));
            return result;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Decrypts a text.</summary>
    /// <returns>Its bytes, for the caller to overwrite; null when the password is another one, or the value isn't as it was made, or was made for another place.</returns>
    public static byte[]? Open(SealedText value, ReadOnlySpan<byte> password, SealContext context)
    {
        var text = new byte[value.Text.Length];
        Span<byte> key = stackalloc byte[KeyLength];
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(password, value.Salt, key, value.Iterations, HashAlgorithmName.SHA256);
            using var cipher = new AesGcm(key, value.Tag.Length);
            cipher.Decrypt(value.Nonce, value.Text, value.Tag, text, context.AssociatedData(value.Iterations));
            return text;
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(text);
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
