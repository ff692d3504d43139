using System.Security.Cryptography;
using System.Text;
using Runback.Engine.Binding;

namespace Runback.Engine.Sealing;

/// <summary>The encrypted value of a parameter, as one file holds it.</summary>
/// <param name="Texts">One, or those of a list; a list may hold plain ones as well.</param>
/// <param name="Profile">Of its file; empty for <c>.nuke/parameters.json</c>.</param>
/// <param name="Label">The file, as people write it.</param>
/// <param name="Key">The name, as the file writes it.</param>
internal sealed record SealedValue(Parameter Parameter, IReadOnlyList<string> Texts, string Profile, string Label, string Key)
{
    /// <summary>Its place in words.</summary>
    public string Source => $"{Label}: {Key}";

    /// <summary>Whether it can be read at all; decrypts nothing.</summary>
    /// <exception cref="UsageException">A part of it is broken, or its parameter is no secret.</exception>
    public SealedValue Checked()
    {
        if (!Parameter.IsSecret)
            throw new UsageException($"{Source} is encrypted, and {Parameter.Name} is no secret parameter.", "write it in plain text");
        foreach (var text in Texts.Where(SealedText.IsOne))
            SealedText.Parse(text, Source);
        return this;
    }

    /// <summary>Decrypts it.</summary>
    /// <exception cref="UsageException">The password is another one, or the value was changed or belongs elsewhere.</exception>
    public IReadOnlyList<string> Open(ReadOnlySpan<byte> password)
    {
        var result = new List<string>();
        foreach (var text in Texts)
        {
            if (!SealedText.IsOne(text))
            {
                result.Add(text);
                continue;
            }

            var plain = Sealer.Open(SealedText.Parse(text, Source), password, new SealContext(Profile, Parameter.Name)) ?? throw new UsageException(
                $"{Source} can't be decrypted: the password is another one, or the value was changed, or was made for another parameter or profile.",
                $"check the password ({PasswordSource.Variable(Profile)}), or set the value again: ./build.sh :secrets {Profile}{(Profile.Length > 0 ? " " : "")}{Parameter.Name}");
            result.Add(Encoding.UTF8.GetString(plain));
            CryptographicOperations.ZeroMemory(plain);
        }

        return result;
    }
}
