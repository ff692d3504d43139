namespace Runback.Engine.Tests.Support;

/// <summary>A checkout with this build.sh, and a `dotnet` that compiles nothing in no time: its program prints its arguments.</summary>
internal sealed class Checkout : IDisposable
{
    private const string Compiler = """
        #!/usr/bin/env bash
        case $1 in
        --version) echo 10.0.100 ;;
        --list-runtimes) echo "Microsoft.NETCore.App 10.0.0 [/tmp/shared/Microsoft.NETCore.App]" ;;
        publish)
            # As the real one: these mean something to it.
            [[ "$*" != *[\;\,%\*\"\'@]* ]] || { echo "MSBUILD : error MSB1006: Property is not valid."; exit 1; }
            while [[ $# -gt 0 ]]; do [[ $1 != -o ]] || out=$2; shift; done
            [[ -w $HOME ]] || { echo "error: $HOME can't be written"; exit 1; }
            [[ -z ${DENIED-} ]] || { echo "error MSB3491: Access to the path 'x' is denied."; exit 1; }
            if [[ -n ${SLOW-} ]]; then
                trap 'exit 0' TERM
                printf '%s' $$ >"$SLOW.new" && mv "$SLOW.new" "$SLOW"
                sleep 30 &
                wait
            fi
            printf '#!/usr/bin/env bash\n[[ $1 != --generate-schema ]] || exit 0\nprintf "ran %%s\\n" "$*"\n' >"$out/_build"
            chmod +x "$out/_build"
            : >"$out/.complete"
            ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("engine-checkout").FullName;

    public Checkout()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(here!.FullName, "build.sh")))
            here = here.Parent;
        Directory.CreateDirectory(Path.Combine(Root, "build", "engine"));
        foreach (var file in (string[])["build.sh", "global.json"])
            File.Copy(Path.Combine(here.FullName, file), Path.Combine(Root, file));
        File.WriteAllText(Source, "class Build;");
        File.WriteAllText(Path.Combine(Root, "build", "engine", "A.cs"), "class A;");
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
        var dotnet = Path.Combine(_folder, "bin", "dotnet");
        File.WriteAllText(dotnet, Compiler.ReplaceLineEndings("\n") + "\n");
        // Another user looks into the folder too.
        ChangeMode("755", dotnet, _folder);
    }

    /// <summary>The folder that the checkout is in.</summary>
    public string Folder => _folder;

    public string Root => Path.Combine(_folder, "a b");

    public string Script => Path.Combine(Root, "build.sh");

    /// <summary>Where what is compiled goes.</summary>
    public string Bin => Path.Combine(Root, ".nuke", "temp", "bin");

    public string Source => Path.Combine(Root, "build", "Build.cs");

    /// <summary>What was compiled, with the link to the one in use.</summary>
    public IEnumerable<string> Compiled => Directory.EnumerateFileSystemEntries(Bin).Select(x => Path.GetFileName(x)).Where(x => x[0] != '.');

    /// <summary>Makes a source newer than what was compiled.</summary>
    public void Change() => File.SetLastWriteTimeUtc(Source, DateTime.UtcNow.AddSeconds(5));

    /// <summary>Runs a line of bash in <see cref="Folder"/>.</summary>
    public Task<SampleRepository.Ended> RunAsync(string line, params (string Name, string Value)[] environment) =>
        Start(line, environment).WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Starts a line of bash in <see cref="Folder"/>.</summary>
    public SampleRepository.Started Start(string line, params (string Name, string Value)[] environment)
    {
        var info = new System.Diagnostics.ProcessStartInfo("env", ["--default-signal=INT,HUP,TERM", "bash", "-c", line])
        {
            WorkingDirectory = _folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        info.Environment["PATH"] = $"{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        return new SampleRepository.Started(System.Diagnostics.Process.Start(info)!);
    }

    public void Dispose()
    {
        ChangeMode("-R", "u+w", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    private static void ChangeMode(params string[] arguments)
    {
        using var change = System.Diagnostics.Process.Start("chmod", arguments);
        change.WaitForExit();
    }
}
