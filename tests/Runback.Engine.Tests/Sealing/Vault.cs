namespace Runback.Engine.Tests.Sealing;

/// <summary>A build with secrets, whose targets use some of them, one way or another.</summary>
internal sealed class Vault : NukeBuild
{
    [Parameter] public string? Plain { get; set; }

    [Parameter, Secret] public string? GithubToken { get; set; }

    [Parameter, Secret] private readonly string[] Channels = [];

    public string? Seen { get; private set; }

    public string[] SeenChannels { get; private set; } = [];

    public bool HasRun { get; private set; }

    private Sender Post => new() { Token = GithubToken };

    public Target Use => _ => _.Executes(() =>
    {
        HasRun = true;
        Seen = GithubToken;
        SeenChannels = Channels;
        Console.WriteLine($"using {GithubToken}");
    });

    public Target UseLater => _ => _.DependsOn(Idle).Executes(async () =>
    {
        await Task.Yield();
        Seen = new[] { 1 }.Select(_ => Post).First().Token;
    });

    public Target UseToDecide => _ => _.OnlyWhenDynamic(() => Post.Token != null).Executes(() => HasRun = true);

    public Target Need => _ => _.Requires(() => GithubToken).Executes(() => HasRun = true);

    public Target Idle => _ => _.Executes(() => HasRun = true);

    internal sealed record Sender
    {
        public string? Token { get; init; }
    }
}
