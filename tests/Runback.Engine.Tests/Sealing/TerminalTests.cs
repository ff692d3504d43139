using System.Diagnostics;
using System.Text;
using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests.Sealing;

/// <summary>At a real (pseudo) terminal, of which script(1) shows every byte.</summary>
public sealed class TerminalTests(SampleRepository repository) : IDisposable
{
    private const string Password = "correct horse battery";
    private const string Token = "hunter2-hunter2";
    private readonly string file = Path.Combine(repository.FirstRun.Code == 0 ? repository.Root : throw new InvalidOperationException(repository.FirstRun.Error), ".nuke", "parameters.typed.json");

    public void Dispose() => File.Delete(file);

    [Fact(Timeout = 540_000)]
    public async Task Nothing_that_is_typed_or_pasted_is_shown()
    {
        await File.WriteAllTextAsync(file, "{}", Cancellation);
        // All at once, as a paste comes, and key by key.
        var shown = await TypeAsync(":secrets typed ApiKey", ("New password", Password, 0), ("same again", Password, 20), ("Value of ApiKey", Token, 20));

        Assert.Contains("ApiKey is encrypted in .nuke/parameters.typed.json", shown, StringComparison.Ordinal);
        AssertHidden(shown);
        Assert.DoesNotContain(Token, await File.ReadAllTextAsync(file, Cancellation), StringComparison.Ordinal);

        shown = await TypeAsync("Hello --profile typed", ("Password of .nuke/parameters.typed.json", Password, 5));
        Assert.Contains("hello world ***", shown, StringComparison.Ordinal);
        AssertHidden(shown);
    }

    [Fact(Timeout = 540_000)]
    public async Task After_an_interruption_the_terminal_shows_again_what_is_typed()
    {
        await File.WriteAllTextAsync(file, "{}", Cancellation);
        var shown = await TypeAsync(":secrets typed ApiKey", shell: "; stty -a", ("New password", "\u0003", 0));

        Assert.Matches(@"(?<!-)\becho\b", shown);
        Assert.Equal("{}", await File.ReadAllTextAsync(file, Cancellation));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static void AssertHidden(string shown)
    {
        // Not even a piece of it.
        foreach (var secret in (string[])[Password, Token])
        {
            for (var at = 0; at + 5 <= secret.Length; at++)
                Assert.DoesNotContain(secret.Substring(at, 5), shown, StringComparison.Ordinal);
        }
    }

    private Task<string> TypeAsync(string call, params (string Question, string Answer, int Pause)[] answers) => TypeAsync(call, "", answers);

    /// <summary>Runs a call at a terminal and answers its questions.</summary>
    /// <returns>All that the terminal showed.</returns>
    private async Task<string> TypeAsync(string call, string shell, params (string Question, string Answer, int Pause)[] answers)
    {
        // Whoever runs the tests in the background has Ctrl-C ignored, and a shell can't take that back.
        var info = new ProcessStartInfo("env", ["--default-signal=INT,HUP,TERM", "script", "--quiet", "--return", "--command", $"trap : INT; '{repository.Script}' {call}{shell}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in (string[])["CI", "GITHUB_ACTIONS", "GITLAB_CI", "DOTNET_ROOT"])
            info.Environment.Remove(name);
        using var process = Process.Start(info)!;
        var shown = new StringBuilder();
        var reading = Task.Run(async () =>
        {
            var buffer = new char[1024];
            for (int count; (count = await process.StandardOutput.ReadAsync(buffer, Cancellation)) > 0;)
            {
                lock (shown)
                    shown.Append(buffer, 0, count);
            }
        }, Cancellation);
        string Shown()
        {
            lock (shown)
                return shown.ToString();
        }

        foreach (var (question, answer, pause) in answers)
        {
            while (!Shown().Contains(question, StringComparison.Ordinal))
            {
                Assert.False(process.HasExited, Shown());
                await Task.Delay(10, Cancellation);
            }

            foreach (var key in pause == 0 ? [answer + (answer == "\u0003" ? "" : "\r")] : answer.Append('\r').Select(x => x.ToString()))
            {
                await process.StandardInput.WriteAsync(key.AsMemory(), Cancellation);
                await process.StandardInput.FlushAsync(Cancellation);
                await Task.Delay(pause, Cancellation);
            }
        }

        await process.WaitForExitAsync(Cancellation);
        await reading;
        return Shown();
    }
}
