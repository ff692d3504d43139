using Runback.Runbook.Releases;

namespace Runback.Runbook.Tests.Releases;

/// <summary>Ledger events for tests: a release called <c>a</c> runs the image with digest <c>sha256:a</c> unless another one is given.</summary>
internal static class Story
{
    private static readonly DateTimeOffset At = new(2025, 12, 15, 10, 0, 0, TimeSpan.Zero);

    public static Deployed Deployed(string tag, string? image = null) => new(tag, Digests(image ?? tag), At, "run");

    public static VerifiedGood Verified(string tag, string? image = null) => new(tag, Digests(image ?? tag), At, "run");

    public static RolledBackFrom Left(string tag, string? image = null) => new(tag, Digests(image ?? tag), At, "run");

    public static TrustedAgain Trusted(string tag, string? image = null) => new(tag, Digests(image ?? tag), At, "run");

    public static RunningRelease Running(string tag, string? image = null) => new(tag, Digests(image ?? tag));

    public static LedgerHistory History(params LedgerEvent[] events) => LedgerHistory.Parse(string.Join('\n', events.Select(LedgerLine.Write)));

    private static Dictionary<string, string> Digests(string image) =>
        new() { ["api"] = Digest.Of(System.Text.Encoding.UTF8.GetBytes(image)).Value, ["jobs"] = Digest.Of(System.Text.Encoding.UTF8.GetBytes(image)).Value };
}
