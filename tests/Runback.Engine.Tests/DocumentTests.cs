using System.Text.Json;
using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

/// <summary>A document that is asked for and can't be handed over is a failure, whoever wrote it.</summary>
public sealed class DocumentTests : IDisposable
{
    private readonly Trial trial = new();
    private readonly SampleBuild build = new();

    public void Dispose() => trial.Dispose();

    [Theory]
    [InlineData("Show", "--json")]
    [InlineData("Show", "--plan", "--json")]
    [InlineData("--help", "--json")]
    [InlineData("--version", "--json")]
    [InlineData("--schema")]
    [InlineData("--completion", "bash")]
    [InlineData("--help")]
    [InlineData("--plan")]
    public void A_full_disk_under_it_ends_with_1(params string[] arguments)
    {
        var (code, error) = RunInto(new Full("No space left on device"), arguments);

        Assert.Equal(1, code);
        Assert.Contains("error: Standard output can't be written (No space left on device): ", error, StringComparison.Ordinal);
        Assert.Contains("\nhint: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_went_away_misses_a_document_but_may_leave_a_text_early()
    {
        const int BrokenPipe = 32;
        Assert.Equal(1, RunInto(new Full("Broken pipe", BrokenPipe), "Show", "--json").Code);
        Assert.Equal((0, ""), RunInto(new Full("Broken pipe", BrokenPipe), "--help"));
    }

    [Fact]
    public void Another_failure_keeps_its_code()
    {
        var (code, error) = RunInto(new Full("No space left on device"), "Shwo", "--json");

        Assert.Equal(2, code);
        Assert.Contains("There is no target 'Shwo'", error, StringComparison.Ordinal);
        Assert.Contains("can't be written", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_is_one_line_or_one_document()
    {
        var line = trial.Run(build, x => x.Show, "--version");
        Assert.Equal((0, ""), (line.Code, line.Error));
        Assert.Matches(@"^Runback \d+\.\d+\.\d+( \(\w+\))?, \.NET \d.*\n$", line.Output);

        using var document = JsonDocument.Parse(trial.Run(build, x => x.Show, "--version", "--json").Output);
        Assert.Equal("Runback", document.RootElement.GetProperty("name").GetString());
        Assert.Empty(build.Ran);
    }

    private (int Code, string Error) RunInto(TextWriter output, params string[] arguments)
    {
        using var error = new StringWriter();
        var host = new Running.ProcessHost([.. arguments, "--root", trial.Root], _ => null, () => [], trial.Root, output, error, _ => false);
        return (Running.BuildManager.Execute(host, () => new SampleBuild(), [x => x.Show]), error.ToString());
    }

    private sealed class Full(string message, int code = 28) : StringWriter
    {
        public override void Write(string? value) => throw new IOException(message, code);
    }
}
