using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;
using Runback.Runbook.Releases;
using Runback.Runbook.Status;

// What is, and what could be gone back to. Nothing here changes anything.
internal sealed partial class Build
{
    private string? _document;

    private Target Status => _ => _
        .Description("Shows what runs, what is pinned, the database's revision, the last verified backup, where a rollback would lead, and who holds the deployment")
        .Executes(() => Wait(async cancellation =>
        {
            using var catalog = new ReleaseCatalog(ImageReference.Parse(Deployment.Image), RegistryOptions);
            var status = await new StatusReader(Deployment, catalog).ReadAsync(cancellation);
            Present(status.ToJson(), StatusText.Lines(status));
        }));

    private Target Releases => _ => _
        .Description("Lists the releases in the registry, newest first, with what this deployment knows of each")
        .Executes(() => Wait(async cancellation =>
        {
            using var catalog = new ReleaseCatalog(ImageReference.Parse(Deployment.Image), RegistryOptions);
            var history = Ledger.Of(Deployment).Read();
            var running = await RunningReleaseReader.ReadAsync(Deployment, Shell.Quiet, cancellation);
            var published = await catalog.ListAsync(history.Events.Select(entry => entry.Tag), cancellation);
            var listing = ReleaseListing.Of(catalog.Image, published, history, running, new Dictionary<string, IReadOnlyList<string>>(), DateTimeOffset.UtcNow);
            _document = ReleaseListingJson.Write(listing);
            ReleaseTable.Write(listing, People);
        }));

    private void Present(string document, IEnumerable<string> lines)
    {
        _document = _secrets.Mask(document);
        foreach (var line in lines)
            Tell(line);
    }
}
