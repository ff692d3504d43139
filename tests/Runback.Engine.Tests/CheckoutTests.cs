using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

/// <summary>What build.sh makes of the checkout that it is in, and of a compiler that doesn't come to its end.</summary>
public sealed class CheckoutTests : IDisposable
{
    private readonly Checkout checkout = new();

    public void Dispose() => checkout.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData("mkdir l && ln -s '../a b/build.sh' l/build.sh && l/build.sh x")]
    [InlineData("mkdir l && ln -s \"$PWD/a b/build.sh\" l/run && ln -s run l/again && l/again x")]
    [InlineData("mkdir l && ln -s '../a b/build.sh' l/run && cd l && PATH=$PWD:$PATH run x")]
    [InlineData("mkdir l && ln -s '../a b/build.sh' l/run && cd l && bash run x")]
    [InlineData("mkdir l && ln -s '../a b' l/there && l/there/build.sh x")]
    public async Task A_link_to_it_is_the_same(string line)
    {
        var ended = await checkout.RunAsync(line);

        Assert.Equal((0, "ran x\n", "building ...\n"), (ended.Code, ended.Output, ended.Error));
        Assert.All(Directory.EnumerateFileSystemEntries(Path.Combine(checkout.Folder, "l")), x => Assert.NotNull(File.ResolveLinkTarget(x, false)));
        Assert.Equal("ran y\n", (await checkout.RunAsync("'a b/build.sh' y")).Output);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("mv 'a b' c && c/build.sh x")]
    [InlineData("cp -a 'a b' c && c/build.sh x")]
    [InlineData("tar -C 'a b' -cf t . && mkdir c && tar -C c -xf t && c/build.sh x")]
    public async Task A_checkout_that_was_moved_compiles_nothing_again(string line)
    {
        Assert.Equal("building ...\n", (await checkout.RunAsync("'a b/build.sh'")).Error);

        var ended = await checkout.RunAsync(line);
        Assert.Equal((0, "ran x\n", ""), (ended.Code, ended.Output, ended.Error));

        var changed = await checkout.RunAsync("sleep 0.1; : > c/build/B.cs && c/build.sh x");
        Assert.Equal((0, "building ...\n"), (changed.Code, changed.Error));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task A_compiler_that_was_ended_exchanges_nothing(string signal)
    {
        Assert.Equal(0, (await checkout.RunAsync("'a b/build.sh'")).Code);
        var before = checkout.Compiled.Order().ToList();
        checkout.Change();

        var run = checkout.Start("exec 'a b/build.sh' x", ("SLOW", Slow));
        await CompilerAsync();
        var ended = checkout.RunAsync($"kill -{signal} $(<'{Slow}')");
        Assert.Equal(0, (await ended).Code);
        var refused = await run.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, ""), (refused.Code, refused.Output));
        Assert.Equal("building ...\nerror: the compiler was ended before it was done; nothing was run\nhint: run the same command again\n", refused.Error);
        Assert.Equal(before, checkout.Compiled.Order());
        Assert.Equal("ran y\n", (await checkout.RunAsync("'a b/build.sh' y")).Output);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task A_signal_while_it_compiles_is_no_fault_of_the_sources(string signal, int code)
    {
        var run = checkout.Start("exec 'a b/build.sh' x", ("SLOW", Slow));
        await CompilerAsync();
        run.Signal(signal);
        var ended = await run.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((code, "", "building ...\ninterrupted while building; nothing was run\n"), (ended.Code, ended.Output, ended.Error));
        Assert.Empty(checkout.Compiled);
        Assert.Equal("ran y\n", (await checkout.RunAsync("'a b/build.sh' y")).Output);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("chmod -R a-w 'a b'")]
    [InlineData("chmod a-w 'a b/.nuke/temp/bin'")]
    [InlineData("chmod a-w 'a b/.nuke/temp'")]
    public async Task Where_nothing_can_be_written_a_stale_program_runs_and_says_so(string line)
    {
        Assert.Equal(0, (await checkout.RunAsync($"chmod a+rx . && 'a b/build.sh' && {line}")).Code);
        checkout.Change();

        var ended = await checkout.RunAsync($"{AsNobody} 'a b/build.sh' x");
        Assert.Equal((0, "ran x\n"), (ended.Code, ended.Output));
        Assert.Matches("^warning: build/ has changed since it was compiled, and .*/.nuke/temp.* can't be written by .*: the program runs as it was compiled before\n$", ended.Error);
    }

    [Fact(Timeout = 120_000)]
    public async Task Where_the_compiler_cannot_write_a_stale_program_runs_as_well()
    {
        Assert.Equal(0, (await checkout.RunAsync("'a b/build.sh'")).Code);
        checkout.Change();

        var ended = await checkout.RunAsync("'a b/build.sh' x", ("DENIED", "1"));
        Assert.Equal((0, "ran x\n"), (ended.Code, ended.Output));
        Assert.Contains("the compiler can't write its files", ended.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Where_nothing_can_be_written_and_nothing_is_compiled_it_says_what_to_do()
    {
        var ended = await checkout.RunAsync($"chmod -R a-w 'a b' && {AsNobody} 'a b/build.sh' x");

        Assert.Equal((1, ""), (ended.Code, ended.Output));
        Assert.Matches("^error: .*/.nuke/temp/bin can't be written by .*, and there is no program yet\nhint: make the checkout writable", ended.Error);
    }

    [Fact(Timeout = 120_000)]
    public async Task Another_shell_is_told_what_it_needs()
    {
        var ended = await checkout.RunAsync("if [[ $(readlink -f /bin/sh) == *bash ]]; then env -u BASH_VERSION bash -c 'unset BASH_VERSION; . \"./a b/build.sh\"'; else sh 'a b/build.sh' x; fi");

        Assert.Equal((2, "", "error: build.sh needs bash, and this is another shell\nhint: ./build.sh, or bash build.sh\n"), (ended.Code, ended.Output, ended.Error));
        Assert.Equal("ran x\n", (await checkout.RunAsync("bash --posix 'a b/build.sh' x")).Output);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_closed_output_is_one_that_cannot_be_written()
    {
        Assert.Equal(0, (await checkout.RunAsync("'a b/build.sh'")).Code);
        Assert.NotEqual(0, (await checkout.RunAsync("'a b/build.sh' x >&-")).Code);
    }

    private static string AsNobody => Environment.IsPrivilegedProcess ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "env";

    private string Slow => Path.Combine(checkout.Folder, "compiler");

    private async Task CompilerAsync()
    {
        while (!File.Exists(Slow))
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }
}
