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

    [Theory(Timeout = 120_000)]
    [InlineData("mkdir -p other/'a b' && CDPATH=$PWD/other:$PWD bash 'a b/build.sh' x")]
    [InlineData("HOME=/nowhere 'a b/build.sh' x")]
    [InlineData("env -u HOME 'a b/build.sh' x")]
    [InlineData("env -u HOME -u TERM setsid bash -c 'cd / && exec \"$0\" x <&-' \"$PWD/a b/build.sh\"")]
    [InlineData("mv 'a b' $'it\\'s; \"a\", 100%@(b) * $(c) & ü\\n.' && ./it*/build.sh x")]
    public async Task Where_it_is_and_who_starts_it_makes_no_difference(string line)
    {
        var ended = await checkout.RunAsync(line, ("TMPDIR", Directory.CreateDirectory(Path.Combine(checkout.Folder, "t")).FullName));

        Assert.Equal((0, "ran x\n", "building ...\n"), (ended.Code, ended.Output, ended.Error));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(checkout.Folder, "t")));
    }

    [Fact(Timeout = 120_000)]
    public async Task An_older_file_that_was_copied_over_is_a_change_for_the_compiler_as_well()
    {
        Assert.Equal(0, (await checkout.RunAsync("'a b/build.sh'")).Code);
        var made = Directory.CreateDirectory(Path.Combine(checkout.Root, ".nuke", "temp", "artifacts", "obj"));

        var ended = await checkout.RunAsync("echo 'class Other;' > o && touch -d '2 days ago' o && cp -p o 'a b/build/Build.cs' && 'a b/build.sh' x");
        Assert.Equal((0, "building ...\n"), (ended.Code, ended.Error));
        Assert.False(Directory.Exists(made.FullName));

        made.Create();
        Assert.Equal("", (await checkout.RunAsync("'a b/build.sh' x")).Error);
        checkout.Change();
        Assert.StartsWith("building ...\n", (await checkout.RunAsync("'a b/build.sh' x")).Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(made.FullName));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_file_that_is_dated_in_the_future_is_named()
    {
        var ended = await checkout.RunAsync("touch -d tomorrow 'a b/build/engine/A.cs' && 'a b/build.sh' x");

        Assert.Equal((0, "ran x\n"), (ended.Code, ended.Output));
        Assert.Equal("building ...\nwarning: build/engine/A.cs is dated in the future, and build/ is compiled at every start until then: touch it\n", ended.Error);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_killed_builds_left_is_removed_by_the_next()
    {
        Assert.Equal(0, (await checkout.RunAsync("'a b/build.sh'")).Code);
        var before = checkout.Compiled.ToList();
        await checkout.RunAsync($"cd '{checkout.Bin}' && mkdir new.killed new.ofpwshscript && : >new.killed/.stamp && ln -s new.killed link.123");
        checkout.Change();

        Assert.Equal(0, (await checkout.RunAsync("'a b/build.sh'")).Code);
        Assert.Contains("new.ofpwshscript", checkout.Compiled);
        Assert.Empty(before.Except(checkout.Compiled));
        Assert.DoesNotContain(checkout.Compiled, x => x is "new.killed" or "link.123");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_program_that_runs_for_days_keeps_its_folder()
    {
        // The kernel knows a script by its interpreter.
        var ended = await checkout.RunAsync($$"""
            'a b/build.sh' && cd '{{checkout.Bin}}' && cp "$(type -P sleep)" current/_build || exit
            ./current/_build 60 &
            until [[ $(readlink /proc/[0-9]*/exe) == *'{{checkout.Bin}}'/new.* ]]; do sleep 0.05; done
            was=$(readlink current)
            again() { touch ../../../build/Build.cs && ../../../build.sh && touch -c -d '3 days ago' "$was"; }
            again && again && again && ls "$was/_build"
            kill $! && again && ls -d "$was"
            """);

        Assert.Matches(@"new\.\w+/_build\nran \n$", ended.Output);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_compiler_whose_script_was_killed_does_not_go_on_beside_the_next()
    {
        Assert.SkipUnless((await checkout.RunAsync("setpriv --pdeathsig TERM true")).Code == 0, "this machine has no setpriv");
        var run = checkout.Start("exec 'a b/build.sh' x", ("SLOW", Slow));
        await CompilerAsync();
        run.Signal("KILL");
        await run.Process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, (await checkout.RunAsync($"while kill -0 $(<'{Slow}') 2>/dev/null; do sleep 0.05; done")).Code);
        Assert.Equal("ran y\n", (await checkout.RunAsync("'a b/build.sh' y")).Output);
        Assert.Equal(2, checkout.Compiled.Count());
    }

    [Fact(Timeout = 120_000)]
    public async Task Where_the_disk_is_full_a_stale_program_runs_and_says_so()
    {
        Assert.SkipUnless((await checkout.RunAsync("unshare -rm mount -t tmpfs x /mnt")).Code == 0, "this user can't mount a small disk");
        Assert.Equal(0, (await checkout.RunAsync("'a b/build.sh'")).Code);
        checkout.Change();

        var ended = await checkout.RunAsync("""
            unshare -rm bash -c '
                mkdir small && mount -t tmpfs -o size=64k x small && cp -a "a b/.nuke/temp/." small && mount --bind small "a b/.nuke/temp"
                head -c 100k /dev/zero >small/all 2>/dev/null
                exec "a b/build.sh" x'
            """);
        Assert.Equal((0, "ran x\n"), (ended.Code, ended.Output));
        Assert.Matches("^building ...\nwarning: build/ has changed since it was compiled, and nothing can be written into .*: the program runs as it was compiled before\n$", ended.Error);
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_flock_a_lock_that_nobody_holds_is_taken()
    {
        var ended = await checkout.RunAsync($$"""
            mkdir -p tools '{{checkout.Bin}}/.lock.d'
            for tool in bash cat chmod comm env find grep head id ln mkdir mktemp mv readlink rm sed sleep sort stat tail; do ln -s "$(type -P $tool)" tools; done
            PATH=${PATH%%:*}:$PWD/tools 'a b/build.sh' x
            """);

        Assert.Equal((0, "ran x\n", "another build.sh compiles here: waiting for it ...\nbuilding ...\n"), (ended.Code, ended.Output, ended.Error));
        Assert.False(Directory.Exists(Path.Combine(checkout.Bin, ".lock.d")));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_root_compiled_belongs_to_the_checkouts_owner()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root compiles for others");
        Assert.Equal(0, (await checkout.RunAsync("chmod a+rx . && chown -R 65534:65534 'a b' && 'a b/build.sh'")).Code);
        checkout.Change();

        var ended = await checkout.RunAsync($"HOME=/nowhere {AsNobody} 'a b/build.sh' x");
        Assert.Equal((0, "ran x\n", "building ...\n"), (ended.Code, ended.Output, ended.Error.Split("warning: build/Build.cs is dated")[0]));
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
