using Runback.Lab;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

// The lab: a throw-away stack with several releases, for practice, drills and tests.
internal sealed partial class Build
{
    [Parameter("The size of the lab's database in megabytes; 0 is a few thousand rows")]
    private readonly int DataMegabytes;

    [Parameter("The PostgreSQL of a new lab: 15, 17 or 18; 17 when not said")]
    private readonly int? PostgresVersion;

    [Parameter("Drops the lab's database and seeds it anew before a deploy")]
    private readonly bool Reset;

    [Parameter("Keeps the lab's images when it is taken down")]
    private readonly bool KeepImages;

    // The lab is what the profile describes; a folder that holds another deployment is refused by the lab itself.
    private LabOptions LabOptions => LabOptions.For(RootDirectory) with
    {
        Name = Needed(ProjectName, nameof(ProjectName)),
        Directory = Deployment.Directory,
        ProxyPort = Deployment.BaseUrl.Port,
        RegistryPort = new Uri("http://" + Deployment.Image).Port,
        DataMegabytes = DataMegabytes,
        PostgresMajor = PostgresVersion,
        Provision = Provision,
        KeepImages = KeepImages,
    };

    private LabStack Lab => new(LabOptions, new Shell(new Narration(People, _secrets), Journal.None));

    private Target LabUp => _ => _
        .Description("Brings the lab up: registry, proxy, api, jobs, database, several releases; keeps what is there")
        .Executes(() => Wait(cancellation => Practised().UpAsync(cancellation)));

    private Target LabDown => _ => _
        .Description("Removes the lab with all that belongs to it")
        .Executes(() => Wait(cancellation => Practised().DownAsync(cancellation)));

    private Target Deploy => _ => _
        .Description("Deploys a release to the lab, migrations included, as a deploy script would")
        .Requires(() => Tag)
        .Executes(() => Wait(cancellation => Practised().DeployAsync(Tag!, Reset, cancellation)));

    // What makes, changes or removes a lab is never let near another deployment.
    private LabStack Practised()
    {
        if (DryRun)
            throw RunbookException.Usage("expected a lab to work on, found --dry-run", "leave --dry-run out: only the lab is changed");
        LabProfile.Require(LabOptions, Deployment);
        return Lab;
    }
}
