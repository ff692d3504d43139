using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

public sealed class BuildScriptTests(SampleRepository repository)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 900_000)]
    public async Task It_compiles_once_and_then_only_after_a_change()
    {
        Assert.Equal((0, "building ...\n"), (repository.FirstRun.Code, repository.FirstRun.Error));
        Assert.Equal((0, ""), Brief(await repository.Run("Hello").WaitAsync(Cancellation)));

        var source = Path.Combine(repository.Root, "build", "Build.Extra.cs");
        await File.WriteAllTextAsync(source, "class Extra { }", Cancellation);
        Assert.Equal((0, "building ...\n"), Brief(await repository.Run("Hello").WaitAsync(Cancellation)));
        Assert.Equal((0, ""), Brief(await repository.Run("Hello").WaitAsync(Cancellation)));

        File.Delete(source);
        Assert.Equal((0, "building ...\n"), Brief(await repository.Run("Hello").WaitAsync(Cancellation)));
    }

    [Fact(Timeout = 900_000)]
    public async Task A_build_that_does_not_compile_runs_nothing_and_shows_the_compilers_error()
    {
        Assert.Equal(0, repository.FirstRun.Code);
        var source = Path.Combine(repository.Root, "build", "Build.Broken.cs");
        await File.WriteAllTextAsync(source, "class {", Cancellation);
        var ended = await repository.Run("Hello").WaitAsync(Cancellation);
        File.Delete(source);

        Assert.Equal((1, ""), (ended.Code, ended.Output));
        Assert.Contains("Build.Broken.cs(1,7): error CS1001", ended.Error, StringComparison.Ordinal);
        Assert.Contains("error: build/_build.csproj does not compile; nothing was run\nhint: ", ended.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await repository.Run("Hello").WaitAsync(Cancellation)).Code);
    }

    [Fact(Timeout = 900_000)]
    public async Task Two_that_start_at_once_compile_once_and_both_run()
    {
        Assert.Equal(0, repository.FirstRun.Code);
        File.SetLastWriteTimeUtc(Path.Combine(repository.Root, "build", "Build.cs"), DateTime.UtcNow);
        var ended = await Task.WhenAll(repository.Run("Hello").WaitAsync(Cancellation), repository.Run("Hello").WaitAsync(Cancellation));

        Assert.All(ended, x => Assert.Equal(0, x.Code));
        Assert.All(ended, x => Assert.Contains("hello world", x.Output, StringComparison.Ordinal));
        Assert.Single(ended, x => x.Error.Contains("building", StringComparison.Ordinal));
    }

    [Fact(Timeout = 480_000)]
    public async Task It_works_from_anywhere_without_home_path_and_input()
    {
        var environment = new Dictionary<string, string?> { ["HOME"] = null, ["PATH"] = "/usr/bin:/bin" };
        var ended = await repository.Start("bash", ["-c", $"cd / && exec '{repository.Script}' Where <&-"], environment).WaitAsync(Cancellation);

        Assert.Equal((0, ""), Brief(ended));
        Assert.Contains($"{repository.Root}|.nuke|True", ended.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 480_000)]
    public async Task It_works_through_a_relative_path_and_hands_over_arguments_as_they_are()
    {
        var ended = await repository.Start("bash", ["-c", "cd 'a b/build' && ../build.sh Hello --name='a  \"b\" $c *'"], []).WaitAsync(Cancellation);

        Assert.Equal((0, ""), Brief(ended));
        Assert.Contains("hello a  \"b\" $c * \n", ended.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 480_000)]
    public async Task Exit_codes_and_input_reach_the_caller()
    {
        Assert.Equal(2, (await repository.Run("Nowhere").WaitAsync(Cancellation)).Code);
        var ended = await repository.Start("bash", ["-c", $"printf 12345 | '{repository.Script}' Reads"], []).WaitAsync(Cancellation);
        Assert.Contains("read: 5\n", ended.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 480_000)]
    public async Task Every_member_of_the_surface_works_in_a_real_process()
    {
        var ended = await repository.Run("Everything", "--limit", "3", "--json").WaitAsync(Cancellation);

        Assert.Equal((0, "{\"outcome\":\"Done\"}\n"), (ended.Code, ended.Output));
        Assert.Contains("Never       Skipped", ended.Error, StringComparison.Ordinal);
        Assert.Contains("Host: _build.dll Normal False False False 0 bin", ended.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 480_000)]
    public async Task Who_writes_to_both_streams_at_once_waits_for_nobody_for_ever()
    {
        var ended = await repository.Run("Chorus").WaitAsync(Cancellation);

        Assert.Equal((0, 50_000, 50_000), (ended.Code, Lines(ended.Output), Lines(ended.Error)));

        static int Lines(string text) => text.Split('\n').Count(line => line == "la la");
    }

    [Fact(Timeout = 480_000)]
    public async Task Compiling_writes_the_schema()
    {
        Assert.Equal(0, repository.FirstRun.Code);
        var printed = await repository.Run("--schema").WaitAsync(Cancellation);
        Assert.Equal(printed.Output, await File.ReadAllTextAsync(Path.Combine(repository.Root, ".nuke", "build.schema.json"), Cancellation));
    }

    [Fact(Timeout = 480_000)]
    public async Task Bash_completes_targets_options_and_values()
    {
        const string Script = """
            source <("$0" --completion bash)
            complete -p build.sh >/dev/null || exit 9
            try() {
                COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
                _runback_build "$1"
                printf '%s\n' "${COMPREPLY[*]}"
            }
            try "$0" He
            try "$0" Hello --man
            try "$0" Hello --manner ''
            try "$0" Hello --manner = L
            """;
        var ended = await repository.Start("bash", ["-c", Script, repository.Script], []).WaitAsync(Cancellation);

        Assert.Equal((0, ""), Brief(ended));
        Assert.Equal("Hello\n--manner\nPlain Loud\nLoud\n", ended.Output);
    }

    private static (int Code, string Error) Brief(SampleRepository.Ended ended) => (ended.Code, ended.Error);
}
