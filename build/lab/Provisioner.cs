using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>
/// Gets a machine ready for the lab: a container engine that answers and Compose v2. Where both are there it does nothing; where they aren't and it
/// may, it installs Debian's packages and starts the engine. Each step looks first, so a run that was killed is finished by the next.
/// </summary>
/// <param name="shell">Runs the commands.</param>
public sealed class Provisioner(Shell shell)
{
    private const string ProvisionHint = "run again with --provision: it installs docker.io and docker-compose from Debian (as root) and starts the engine";

    /// <summary>Makes sure of the engine and of Compose v2.</summary>
    /// <param name="provision">Whether anything may be installed or started.</param>
    /// <param name="cancellation">Ends the work between two steps, or the step.</param>
    /// <exception cref="RunbookException">Something is missing and may not, or can't, be provided.</exception>
    public async Task EnsureAsync(bool provision, CancellationToken cancellation)
    {
        var machine = await Machine.InspectAsync(shell, cancellation);
        if (machine is { EngineAnswers: true, HasCompose: true })
            return;
        if (machine.PermissionDenied)
        {
            throw new RunbookException(
                $"expected to be allowed to use the container engine, found: {machine.EngineComplaint}",
                "run as root (sudo), or add your user to the group docker and log in again");
        }
        if (!machine.EngineAnswers && machine.EngineElsewhere is { } elsewhere)
        {
            throw new RunbookException(
                $"expected the container engine of {elsewhere} to answer, found: {machine.EngineComplaint}",
                $"start that engine, or clear {elsewhere}; an engine is only ever started on this machine");
        }
        if (!provision)
        {
            var found = machine.EngineAnswers ? "an engine without the Compose v2 plugin" : $"none ({machine.EngineComplaint})";
            throw new RunbookException($"expected a container engine with Compose v2, found {found}", ProvisionHint);
        }

        var apt = new AptPackages(shell);
        var packages = machine.MissingPackages().ToList();
        if (packages.Count > 0)
        {
            await RequireDebianRootAsync($"install {string.Join(" and ", packages.Select(package => package.Name))}", cancellation);
            if (packages.Any(package => package.FromTrixie))
                await apt.AddTrixieSourceAsync(packages.Where(package => package.FromTrixie).Select(package => package.Name), cancellation);
            await apt.InstallAsync([.. packages.Select(package => package.Name)], cancellation);
        }
        if (!(await Machine.InspectAsync(shell, cancellation)).EngineAnswers)
            await new EngineDaemon(shell).StartAsync(cancellation);

        machine = await Machine.InspectAsync(shell, cancellation);
        if (!machine.EngineAnswers || !machine.HasCompose)
        {
            var found = machine.EngineAnswers ? machine.ComposeComplaint : machine.EngineComplaint;
            throw new RunbookException(
                $"expected the engine and Compose v2 to answer after provisioning, found: {found}",
                $"look at {EngineDaemon.LogFile}, and at which docker comes first on PATH");
        }
        shell.Narration.Say("  the container engine is ready");
    }

    /// <summary>Makes sure of one package, told by a file that it brings.</summary>
    /// <param name="package">The package's name.</param>
    /// <param name="file">A file of it.</param>
    /// <param name="provision">Whether it may be installed.</param>
    /// <param name="cancellation">Ends the installation.</param>
    public async Task EnsurePackageAsync(string package, string file, bool provision, CancellationToken cancellation)
    {
        if (File.Exists(file))
            return;
        if (!provision)
            throw new RunbookException($"expected {file}, found nothing there", $"run again with --provision, or: apt-get install {package}");
        await RequireDebianRootAsync($"install {package}", cancellation);
        await new AptPackages(shell).InstallAsync([package], cancellation);
    }

    private async Task RequireDebianRootAsync(string purpose, CancellationToken cancellation)
    {
        if (await AptMirror.FindAsync(shell, cancellation) is null)
        {
            throw new RunbookException(
                $"expected Debian with apt to {purpose}, found another system",
                "install a container engine with the Compose v2 plugin by hand, start it, and run again");
        }
        if (!Environment.IsPrivilegedProcess)
            throw new RunbookException($"expected to be root to {purpose}, found user {Environment.UserName}", "run again with sudo");
    }
}
