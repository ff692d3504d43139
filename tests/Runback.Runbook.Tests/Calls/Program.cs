using System.Diagnostics;

namespace Runback.Runbook.Tests.Calls;

/// <summary>The built program, started as a user does who has nothing of it in the environment.</summary>
internal static class Program
{
    private static string Path
    {
        get
        {
            if (Environment.GetEnvironmentVariable("RUNBACK_PROGRAM") is { Length: > 0 } given)
                return given;
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            return System.IO.Path.Combine(own.Parent!.Parent!.FullName, "_build", own.Name, "_build");
        }
    }

    public static Task<Ended> RunAsync(params string[] arguments) => RunInAsync(new Dictionary<string, string>(), arguments);

    /// <summary>Runs it, with variables of the environment beside those of a shell.</summary>
    public static Task<Ended> RunInAsync(IReadOnlyDictionary<string, string> variables, params string[] arguments) =>
        StartAsync(variables, new ProcessStartInfo(Path, arguments));

    /// <summary>Runs it at a terminal, as script(1) makes one: what is printed to either stream comes out of both.</summary>
    public static Task<Ended> AtTerminalAsync(IReadOnlyDictionary<string, string> variables, params string[] arguments) =>
        StartAsync(variables, new ProcessStartInfo("script", ["--quiet", "--return", "--command", string.Join(' ', [$"'{Path}'", .. arguments]), "/dev/null"]));

    private static async Task<Ended> StartAsync(IReadOnlyDictionary<string, string> variables, ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        string[] kept = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT"];
        foreach (var name in start.Environment.Keys.Except(kept).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var cancellation = TestContext.Current.CancellationToken;
        await using var killed = cancellation.Register(() => process.Kill());
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new Ended(process.ExitCode, await output, await error);
    }

    internal sealed record Ended(int Code, string Output, string Error)
    {
        public string[] Lines => Output.TrimEnd('\n').Split('\n');
    }
}
