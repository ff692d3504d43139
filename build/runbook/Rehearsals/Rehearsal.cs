using System.Diagnostics;
using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rehearsals;

/// <summary>
/// Does the database part of a rollback first on a copy that is thrown away: the copy is restored from the backup on a network without any way
/// out, the target release is tried over it, the migrations run down and up again under a recorder.
/// </summary>
/// <param name="run">The run it belongs to.</param>
public sealed class Rehearsal(Run run)
{
    // The copy that is kept aside, and the one that is worked on.
    private const int Copies = 2;

    /// <summary>Rehearses. What fails on the copy is a finding; nothing of it is left afterwards.</summary>
    /// <exception cref="RunbookException">It couldn't be rehearsed: no room, no scratch server, a damaged dump.</exception>
    public async Task<RehearsalResult> RunAsync(RehearsalRequest request, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var stages = new List<RehearsalStage>();
        using var engine = new EngineApi();
        var service = request.Project.Service(request.Deployment.ServingServices.First());
        run.Secrets.Add(ServiceSecrets.Of(service.Environment));
        var image = await engine.ImageAsync(request.TargetImage, cancellation) ?? throw RunbookException.Refused(
            $"expected the image {request.TargetImage} on the engine's host, found none", "pull it first");
        var port = ServicePort.Of(request.Deployment, service, image);

        await using var network = await RehearsalNetwork.CreateAsync(request.Project.Name, request.Run, run.Shell, cancellation);
        var options = new ScratchOptions(request.Database.ImageId, request.Project.Name, request.Run)
        {
            Network = network.Name, Aliases = DatabaseNames.Of(request.Deployment, request.Project, request.Database, service.Environment),
            Port = DatabaseNames.PortOf(service.Environment),
        };
        await using var scratch = await ScratchServer.StartAsync(options, run.Shell, cancellation);
        await CopyRolesAsync(request, scratch, cancellation);
        stages.Add(Stage("scratch server", watch, stages));
        var verification = new VerifyRequest(request.Dump, request.Deployment.Database, VerifyLevel.Restore, request.Database.ImageId, request.Project.Name, request.Run)
        {
            SystemIdentifier = request.SystemIdentifier, Copies = Copies,
        };
        var (backup, restored) = await new BackupVerification(run.Shell).VerifyIntoAsync(verification, scratch, cancellation);
        var pristine = await PristineDatabase.KeepAsync(scratch, restored, request.StatementLimit, cancellation);
        stages.Add(Stage("restore", watch, stages));

        var container = new ServiceContainer(service, request.TargetImage, network.Name, request.Project.Name, request.Run);
        var relay = new ScratchRelay(scratch, service.Name, port);
        Task<AppTrial> TryAsync(IReadOnlyList<string> revisions) => new ApplicationTrial(run, engine, request, container, relay).RunAsync(revisions, cancellation);
        var course = new RehearsalCourse(request, pristine, new AlembicTrial(run, request, container with { Image = request.NewerImage }), TryAsync, name => stages.Add(Stage(name, watch, stages)));

        await pristine.CopyAsync(cancellation);
        var kept = await TryAsync(request.Revisions);
        stages.Add(Stage("target over the kept schema", watch, stages));
        var result = await course.RunAsync(new RehearsalResult { Backup = backup, KeptSchema = kept }, cancellation);
        return result with { Stages = stages, Seconds = Math.Round(watch.Elapsed.TotalSeconds, 3) };
    }

    private async Task CopyRolesAsync(RehearsalRequest request, ScratchServer scratch, CancellationToken cancellation)
    {
        var address = new PostgresServerAddress(request.Database.Name, request.Deployment.DatabaseUser, request.Deployment.Database) { Password = request.Deployment.DatabasePassword };
        var roles = await ScratchRoles.ReadAsync(new PostgresServer(address, run.Shell), scratch.Server.Address.User, cancellation);
        if (roles.Length > 0)
            await scratch.Server.ExecuteAsync(roles, cancellation);
    }

    private static RehearsalStage Stage(string name, Stopwatch watch, IEnumerable<RehearsalStage> before) =>
        new(name, Math.Round(watch.Elapsed.TotalSeconds - before.Sum(stage => stage.Seconds), 3));
}
