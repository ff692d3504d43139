using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>How the program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Said">Its standard error: what a person reads.</param>
internal sealed record Ended(int ExitCode, string Output, string Said)
{
    /// <summary>The one document on standard output.</summary>
    public JsonObject Json => JsonNode.Parse(Output)!.AsObject();

    /// <summary>A text of the document, by its path.</summary>
    public string? Text(params string[] path) => path.Aggregate((JsonNode?)Json, (node, name) => node?[name])?.ToString();

    /// <summary>What was wrong and what to do, as the document says it.</summary>
    public string Complaint => $"{Text("summary") ?? Text("error")} hint: {Text("hint")}";

    /// <summary>Sees that a gate refused it.</summary>
    public void AssertRefusedBy(string gate) => Assert.Contains($"REFUSED {gate}: ", Said, StringComparison.Ordinal);

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Said}";
}

/// <summary>The built program in a process of its own, as a user starts it: arguments, environment, signals.</summary>
internal sealed class Program : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly Task<string> _output;
    private readonly Task _listening;

    private Program(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _listening = ListenAsync();
    }

    /// <summary>What it said so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    public int Id => _process.Id;

    /// <summary>How it ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Where the program is: the one that runs these tests, as its user has it; else the one that is built beside them.</summary>
    public static string Path
    {
        get
        {
            if (System.Environment.GetEnvironmentVariable("RUNBACK_PROGRAM") is { Length: > 0 } given)
                return given;
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            return System.IO.Path.Combine(own.Parent!.Parent!.FullName, "_build", own.Name, "_build");
        }
    }

    public static Program Start(IReadOnlyDictionary<string, string?> environment, IEnumerable<string> arguments, params string[] wrapper)
    {
        // Whoever runs the tests under nohup or in the background has signals ignored, and would hand that on.
        string[] line = ["env", "--default-signal=INT,HUP,TERM", .. wrapper, Path, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new Program(start);
    }

    /// <summary>Waits until it has said something.</summary>
    public async Task SaysAsync(string text)
    {
        while (!Said.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(_process.HasExited && _listening.IsCompleted, $"expected it to say `{text}`; it ended and had said:\n{Said}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public async Task<Ended> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _listening;
        return new Ended(_process.ExitCode, await _output, Said);
    }

    /// <summary>Kills the process itself and nothing that it started, as the kernel does when memory runs out.</summary>
    public void Kill() => _process.Kill(entireProcessTree: false);

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, _process.Id.ToString()]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_said)
                _said.Append(line).Append('\n');
        }
    }
}
