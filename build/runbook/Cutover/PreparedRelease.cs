using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;

namespace Runback.Runbook.Cutover;

/// <summary>A release that is on the engine's host and can be cut over to.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Digest">Its digest in the deployment's repository, or null for an image that was built on the host.</param>
/// <param name="Image">The image.</param>
public sealed record PreparedRelease(string Tag, string? Digest, Image Image)
{
    /// <summary>The tag variable's value that pins it.</summary>
    public string PinValue => Pin.Value(Tag, Digest);

    /// <summary>Whether a service runs exactly this release.</summary>
    public bool IsRunBy(ServiceState state) => state.Container?.ImageId == Image.Id;
}
