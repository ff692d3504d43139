using System.Diagnostics;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>
/// The image that the lab's others start from: a suite of Debian, pulled where a registry answers, else bootstrapped from the machine's own
/// package mirror; and over it what reaching that mirror from inside needs.
/// </summary>
/// <param name="shell">Runs the commands.</param>
/// <param name="provisioner">Gets mmdebstrap where it is needed and missing.</param>
/// <param name="suite">Debian's suite: trixie for all but databases of other versions.</param>
internal sealed class BaseImage(Shell shell, Provisioner provisioner, string suite = AptMirror.Suite)
{
    /// <summary>The label that names the distribution's image where it came with the lab, and may go with it.</summary>
    public const string BroughtLabel = "runback.lab.brought";

    private static readonly TimeSpan FirstAnswer = TimeSpan.FromSeconds(15);

    // What a throw-away container never shows anybody.
    private static readonly string[] LeftOut = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*"];

    // Under the name that the public registry uses.
    private string Debian => $"debian:{suite}-slim";

    /// <summary>Makes sure of the image and gives its name.</summary>
    /// <param name="sources">The folder with the lab's sources.</param>
    /// <param name="provision">Whether mmdebstrap may be installed.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<string> EnsureAsync(string sources, bool provision, CancellationToken cancellation)
    {
        var mirror = await AptMirror.FindAsync(shell, cancellation);
        var folder = Path.Combine(sources, "images", "base");
        var fingerprint = Fingerprint.Of(Fingerprint.FilesOf(folder), suite, mirror?.Uri ?? "", string.Join('\n', mirror?.Settings ?? []));
        var reference = $"runback-lab/base:{fingerprint}";
        if (await EngineApi.Shared.ImageAsync(reference, cancellation) is not null)
            return reference;

        var brought = await EngineApi.Shared.ImageAsync(Debian, cancellation) is null;
        if (brought && !await PullAsync(cancellation))
            await BootstrapAsync(mirror, provision, cancellation);

        await DeriveAsync(folder, reference, fingerprint, mirror, brought, cancellation);
        return reference;
    }

    // A machine without a way to the registry may hang in the attempt: without a layer in sight after some seconds it's given up.
    private async Task<bool> PullAsync(CancellationToken cancellation)
    {
        shell.Narration.Say($"  pulling {Debian} …");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(FirstAnswer);
        try
        {
            await using var pull = await Shell.StartAsync(new Command("docker", "pull", Debian), cancellation);
            pull.Input.Close();
            await using var registration = limit.Token.Register(pull.Kill);
            while (await pull.OutputText.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.Contains("Pulling", StringComparison.Ordinal) && !line.Contains("Pulling from", StringComparison.Ordinal))
                    limit.CancelAfter(TimeSpan.FromMinutes(3));
            }
            return await pull.WaitAsync(limit.Token) == 0;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task BootstrapAsync(AptMirror? mirror, bool provision, CancellationToken cancellation)
    {
        if (mirror is null)
        {
            throw new RunbookException(
                $"expected to pull {Debian} or to bootstrap it from a Debian mirror, found neither a registry that answers nor a Debian mirror in apt's settings",
                $"make `docker pull {Debian}` work, or load the image with `docker load`");
        }
        await provisioner.EnsurePackageAsync("mmdebstrap", "/usr/bin/mmdebstrap", provision, cancellation);
        shell.Narration.Say($"  no registry answers; bootstrapping {Debian} from the machine's package mirror (about 20 s) …");
        var watch = Stopwatch.StartNew();
        var folder = Directory.CreateTempSubdirectory("runback-lab-base-").FullName;
        try
        {
            var archive = Path.Combine(folder, "base.tar");
            await shell.ReadAsync(
                new Command("mmdebstrap", "--variant=minbase", "--quiet", "--aptopt=APT::Install-Recommends \"false\"")
                    .With(LeftOut.Select(path => $"--dpkgopt=path-exclude={path}"))
                    .With(mirror.Settings.Select(setting => $"--aptopt={setting.TrimEnd(';')}"))
                    .With(suite, archive, mirror.SourceLine(suite)),
                cancellation);
            await shell.ReadAsync(
                new Command("docker", "import", "--change", $"LABEL {LabImage.Mark}=image", "--change", "CMD [\"bash\"]", archive, Debian), cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        shell.Narration.Say($"  bootstrapped {Debian} in {watch.Elapsed.TotalSeconds:0.0} s");
    }

    private async Task DeriveAsync(
        string folder, string reference, string fingerprint, AptMirror? mirror, bool brought, CancellationToken cancellation)
    {
        var context = Directory.CreateTempSubdirectory("runback-lab-apt-").FullName;
        try
        {
            List<KeyValuePair<string, string>> files = [.. Fingerprint.FilesOf(folder)];
            void Add(string path, string content)
            {
                var file = Path.Combine(context, Guid.NewGuid().ToString("N"));
                File.WriteAllText(file, content);
                files.Add(KeyValuePair.Create($"overlay/{path}", file));
            }

            Add("etc/dpkg/dpkg.cfg.d/runback-lab", string.Concat(LeftOut.Select(path => $"path-exclude {path}\n")));
            if (mirror is not null)
            {
                Add("etc/apt/sources.list", mirror.SourceLine(suite) + "\n");
                Add("etc/apt/apt.conf.d/90runback-lab", string.Concat(mirror.Settings.Select(line => line + "\n")));
                // A bootstrapped image has no certificates; a mirror over https needs the host's.
                if (mirror.Uri.StartsWith("https:", StringComparison.Ordinal) && File.Exists("/etc/ssl/certs/ca-certificates.crt"))
                    files.Add(KeyValuePair.Create("overlay/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/ca-certificates.crt"));
            }
            var image = new LabImage(reference, fingerprint, Path.Combine(folder, "Dockerfile"), files,
                new Dictionary<string, string> { ["DEBIAN"] = Debian },
                new Dictionary<string, string> { [BroughtLabel] = brought ? Debian : "" });
            await new LabImageBuilder(shell).BuildAsync(image, cancellation);
        }
        finally
        {
            Directory.Delete(context, recursive: true);
        }
    }
}
