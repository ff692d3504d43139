using System.Diagnostics;
using Runback.Engine.Tests.Support;

[assembly: AssemblyFixture(typeof(SampleRepository))]

namespace Runback.Engine.Tests.Support;

/// <summary>A repository with this engine, this build.sh and the build in Sample/, in a folder with a space in its name, compiled once.</summary>
public sealed class SampleRepository : IDisposable
{
    private readonly Lazy<Ended> compiled;

    public SampleRepository()
    {
        Root = Directory.CreateDirectory(Path.Combine(Directory.CreateTempSubdirectory("engine-repository").FullName, "a b")).FullName;
        compiled = new Lazy<Ended>(() =>
        {
            Fill(Root);
            return Run("Nothing").WaitAsync(CancellationToken.None).GetAwaiter().GetResult();
        });
    }

    public string Root { get; }

    /// <summary>How the first run, which compiled, ended.</summary>
    public Ended FirstRun => compiled.Value;

    public string Script => Path.Combine(Root, "build.sh");

    /// <summary>Starts build.sh.</summary>
    public Started Run(params string[] arguments) => Start(Script, arguments, []);

    /// <summary>Starts a program in the repository's parent folder.</summary>
    public Started Start(string program, string[] arguments, Dictionary<string, string?> environment)
    {
        if (program != "/bin/false" && arguments is not ["Nothing"])
            Assert.Equal(0, FirstRun.Code);
        // Whoever runs the tests in the background has Ctrl-C ignored, and would hand that on.
        var info = new ProcessStartInfo("env", ["--default-signal=INT,HUP,TERM", program, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(Root),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in info.Environment.Keys.Where(x => x is "CI" or "GITHUB_ACTIONS" or "GITLAB_CI" or "DOTNET_ROOT").ToList())
            info.Environment.Remove(name);
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        return new Started(Process.Start(info)!);
    }

    /// <summary>Writes a repository's files, as they are in this one.</summary>
    public static void Fill(string root)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(here!.FullName, "build.sh")))
            here = here.Parent;
        foreach (var file in (string[])["build.sh", "global.json", "Directory.Build.props", "Directory.Packages.props"])
            File.Copy(Path.Combine(here.FullName, file), Path.Combine(root, file));
        var engine = Path.Combine(here.FullName, "build", "engine");
        foreach (var file in Directory.EnumerateFiles(engine, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(root, "build", "engine", Path.GetRelativePath(engine, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        File.Copy(Path.Combine(here.FullName, "tests", "Runback.Engine.Tests", "Sample", "Build.cs"), Path.Combine(root, "build", "Build.cs"));
        var project = File.ReadLines(Path.Combine(here.FullName, "build", "_build.csproj"))
            .Where(x => !x.Contains("Runback.Runbook", StringComparison.Ordinal) && !x.Contains("Runback.Lab", StringComparison.Ordinal))
            .Select(x => x.Contains("<OutputType>", StringComparison.Ordinal) ? x + "<Nullable>disable</Nullable>" : x);
        File.WriteAllLines(Path.Combine(root, "build", "_build.csproj"), project);
        Directory.CreateDirectory(Path.Combine(root, ".nuke"));
        File.WriteAllText(Path.Combine(root, ".nuke", "parameters.json"), "{}");
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Root)!, recursive: true);

    public sealed record Ended(int Code, string Output, string Error);

    /// <summary>A process that runs.</summary>
    public sealed class Started(Process process)
    {
        public Process Process => process;

        /// <summary>Sends it a signal.</summary>
        public void Signal(string name)
        {
            using var kill = Process.Start("kill", ["-" + name, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        /// <summary>Closes its input, reads what it prints, and waits for its end.</summary>
        public async Task<Ended> WaitAsync(CancellationToken cancellation)
        {
            using (process)
            {
                // A test whose time is up leaves nothing running.
                await using var registration = cancellation.Register(() => process.Kill(entireProcessTree: true));
                process.StandardInput.Close();
                var output = process.StandardOutput.ReadToEndAsync(cancellation);
                var error = process.StandardError.ReadToEndAsync(cancellation);
                await process.WaitForExitAsync(cancellation);
                return new Ended(process.ExitCode, await output, await error);
            }
        }
    }
}
