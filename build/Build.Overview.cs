using Runback.Runbook.Releases;
using Runback.Runbook.Status;

// What a person gets at a terminal who says nothing: where things are, and what can be done now.
internal sealed partial class Build
{
    private static bool _isBare;

    private Target Overview => _ => _
        .Description("Shows how the deployment stands in a few lines, and what can sensibly be done now")
        .Unlisted()
        .Executes(() => Wait(async cancellation =>
        {
            if (LoadedLocalProfiles.Length > 0)
                Tell($"  {"profile",-11} {string.Join(", ", LoadedLocalProfiles)}");
            using var catalog = new ReleaseCatalog(ImageReference.Parse(Deployment.Image), RegistryOptions);
            var status = await new StatusReader(Deployment, catalog).ReadAsync(cancellation);
            Present(status.ToJson(), StatusText.Brief(status).Concat(Offers.Lines(status, Call, System.IO.Directory.Exists(Path.Combine(Deployment.StatePath, "runs")))));
        }));

    // A profile alone says where, and not what. In a pipe or a CI job nobody reads an overview, and a rollback that lacks its release must fail.
    private static bool IsBare(string[] arguments) =>
        WithoutProfiles(arguments).Length == 0 && !Console.IsInputRedirected && !Console.IsOutputRedirected && !IsServerBuild
        && new[] { "NUKE_TAG", "NUKE_TARGET" }.All(name => string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name)));

    private static string[] WithoutProfiles(string[] arguments) => arguments switch
    {
        ["--profile", _, .. var rest] => WithoutProfiles(rest),
        [var one, .. var rest] when one.StartsWith("--profile=", StringComparison.Ordinal) => WithoutProfiles(rest),
        _ => arguments,
    };

    // The engine's own headings and table say nothing here that the lines don't.
    protected override void OnBuildCreated()
    {
        if (_isBare && Verbosity != Verbosity.Verbose)
            Verbosity = Verbosity.Quiet;
    }
}
