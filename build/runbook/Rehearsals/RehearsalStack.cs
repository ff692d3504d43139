using System.Diagnostics;
using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rehearsals;

/// <summary>A copy of the database, restored from the backup on a network without any way out, and what is tried on it.</summary>
internal sealed class RehearsalStack : IAsyncDisposable
{
    // The copy that is kept aside, and the one that is worked on.
    private const int Copies = 2;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<RehearsalStage> _stages = [];
    private readonly EngineApi _engine = new();
    private readonly Run _run;
    private readonly RehearsalRequest _request;
    private RehearsalNetwork? _network;
    private ScratchServer? _scratch;
    private ContainerRelay? _relay;

    private RehearsalStack(Run run, RehearsalRequest request) => (_run, _request) = (run, request);

    /// <summary>The restored database, kept aside.</summary>
    public PristineDatabase Pristine { get; private set; } = null!;

    /// <summary>The backup, verified by restoring it.</summary>
    public VerifiedBackup Backup { get; private set; } = null!;

    /// <summary>How a service's container is started here; its image is the target's.</summary>
    public ServiceContainer Container { get; private set; } = null!;

    /// <summary>The engine.</summary>
    public EngineApi Engine => _engine;

    /// <summary>Runs Alembic of the newer image on the copy.</summary>
    public AlembicTrial Alembic => new(_run, _request, Container with { Image = _request.NewerImage });

    /// <summary>How long each part took.</summary>
    public IReadOnlyList<RehearsalStage> Stages => _stages;

    /// <summary>How long it has taken.</summary>
    public double Seconds => Math.Round(_watch.Elapsed.TotalSeconds, 3);

    /// <summary>Sets it up. Nothing of it is left when that fails.</summary>
    /// <exception cref="RunbookException">No room, no scratch server, a damaged dump.</exception>
    public static async Task<RehearsalStack> OpenAsync(Run run, RehearsalRequest request, CancellationToken cancellation)
    {
        var stack = new RehearsalStack(run, request);
        try
        {
            await stack.StartAsync(cancellation);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tries a release over the database that is there.</summary>
    /// <param name="image">Its image.</param>
    /// <param name="revisions">The revisions that the database holds.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="heads">The migration heads in that image; null for the target's.</param>
    public Task<AppTrial> TryAsync(string image, IReadOnlyList<string> revisions, CancellationToken cancellation, IReadOnlyList<string>? heads = null) =>
        new ApplicationTrial(_run, _engine, _request with { TargetHeads = heads ?? _request.TargetHeads }, Container with { Image = image }, _relay!).RunAsync(revisions, cancellation);

    /// <summary>Notes that a part has ended.</summary>
    public void Done(string name) => _stages.Add(new(name, Math.Round(_watch.Elapsed.TotalSeconds - _stages.Sum(stage => stage.Seconds), 3)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_scratch is not null)
            await _scratch.DisposeAsync();
        if (_network is not null)
            await _network.DisposeAsync();
        _engine.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        var service = _request.Project.Service(_request.Deployment.ServingServices.First());
        var names = new ApplicationNames(_request.Deployment, _request.Project);
        _run.Secrets.Add(ServiceSecrets.Of(service.Environment).Where(value => !names.Have(value)));
        var image = await _engine.ImageAsync(_request.TargetImage, cancellation) ?? throw RunbookException.Refused(
            $"expected the image {_request.TargetImage} on the engine's host, found none", "pull it first");
        var port = ServicePort.Of(_request.Deployment, service, image);

        _network = await RehearsalNetwork.CreateAsync(_request.Project.Name, _request.Run, cancellation);
        var options = new ScratchOptions(_request.Database.ImageId, _request.Project.Name, _request.Run)
        {
            Network = _network.Name, Aliases = DatabaseNames.Of(_request.Deployment, _request.Project, _request.Database, service.Environment),
            Port = DatabaseNames.PortOf(service.Environment),
        };
        _scratch = await ScratchServer.StartAsync(options, _run.Shell, cancellation);
        await CopyRolesAsync(_request, _scratch, cancellation);
        Done("scratch server");
        var verification = new VerifyRequest(_request.Dump, _request.Deployment.Database, VerifyLevel.Restore, _request.Database.ImageId, _request.Project.Name, _request.Run)
        {
            SystemIdentifier = _request.SystemIdentifier, Sha256 = _request.Sha256, Copies = Copies,
        };
        (Backup, var restored) = await new BackupVerification(_run.Shell).VerifyIntoAsync(verification, _scratch, cancellation);
        Pristine = await PristineDatabase.KeepAsync(_scratch, restored, _request.StatementLimit, cancellation);
        Done("restore");
        Container = new ServiceContainer(service, _request.TargetImage, _network.Name, _request.Project.Name, _request.Run);
        _relay = new ContainerRelay(EngineApi.Shared, _scratch.Server.Address.Container, service.Name, port);
    }

    private async Task CopyRolesAsync(RehearsalRequest request, ScratchServer scratch, CancellationToken cancellation)
    {
        var address = new PostgresServerAddress(request.Database.Name, request.Deployment.DatabaseUser, request.Deployment.Database) { Password = request.Deployment.DatabasePassword };
        var roles = await ScratchRoles.ReadAsync(new PostgresServer(address, _run.Shell), scratch.Server.Address.User, cancellation);
        if (roles.Length > 0)
            await scratch.Server.ExecuteAsync(roles, cancellation);
    }
}
