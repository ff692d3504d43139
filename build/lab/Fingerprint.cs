using System.Security.Cryptography;
using System.Text;

namespace Runback.Lab;

/// <summary>A short hash over everything that goes into an image, so that it is built again only when something of it changed.</summary>
public static class Fingerprint
{
    /// <summary>The fingerprint of files by their path in the image, and of texts beside them. Twelve hexadecimal digits.</summary>
    public static string Of(IEnumerable<KeyValuePair<string, string>> files, params IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, file) in files.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            Append(hash, path, File.ReadAllBytes(file));
        foreach (var text in texts)
            Append(hash, "", Encoding.UTF8.GetBytes(text));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    /// <summary>A folder's files by their path in it.</summary>
    public static IEnumerable<KeyValuePair<string, string>> FilesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => KeyValuePair.Create(Path.GetRelativePath(folder, file).Replace('\\', '/'), file));

    private static void Append(IncrementalHash hash, string name, ReadOnlySpan<byte> content)
    {
        // Lengths between the parts keep "ab" + "c" from being "a" + "bc".
        hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{content.Length}\0"));
        hash.AppendData(content);
    }
}
