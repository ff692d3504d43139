using System.Text;
using Runback.Engine.Binding;

namespace Runback.Engine.Sealing;

/// <summary>Where an encrypted value belongs; it can't be decrypted anywhere else.</summary>
/// <param name="Profile">Empty for <c>.nuke/parameters.json</c>.</param>
/// <param name="Parameter">Its name, in any spelling.</param>
internal sealed record SealContext(string Profile, string Parameter)
{
    /// <summary>What is authenticated together with the text.</summary>
    public byte[] AssociatedData(int iterations) =>
        Encoding.UTF8.GetBytes($"{SealedText.Prefix}{iterations}:{Profile.Length}:{Profile}:{Naming.Plain(Parameter)}");
}
