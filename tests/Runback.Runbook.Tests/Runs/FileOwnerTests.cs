using System.Diagnostics;
using Runback.Runbook.Cutover;
using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Deployments;

namespace Runback.Runbook.Tests.Runs;

/// <summary>Whose the files are that a run leaves in somebody's deployment.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class FileOwnerTests : IDisposable
{
    private const uint Somebody = 23_456;
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-owner-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // As root the deployment is given to somebody; else it is one's own, and everything in it must be too.
    private uint Owner
    {
        get
        {
            if (Environment.IsPrivilegedProcess)
                Chown(_folder, Somebody);
            return FileOwner.Of(_folder)!.Value.User;
        }
    }

    [Fact]
    public void What_a_run_makes_belongs_to_the_owner_of_the_deployment()
    {
        var owner = Owner;
        Assert.Equal(Environment.IsPrivilegedProcess, owner == Somebody);
        var state = Path.Combine(_folder, ".runback");
        using (var run = Run.Begin(state, "Rollback", new Narration(TextWriter.Null, new Secrets()), new Secrets(), dryRun: false))
        {
            run.Narration.Say("said");
            run.End();
        }
        var all = Directory.EnumerateFileSystemEntries(state, "*", SearchOption.AllDirectories).Append(state).ToList();
        Assert.True(all.Count >= 8, string.Join('\n', all));
        Assert.All(all, path => Assert.Equal((path, owner), (path, FileOwner.Of(path)!.Value.User)));
    }

    [Theory]
    [InlineData(".runback/releases.jsonl")]
    [InlineData(".runback/drills.jsonl")]
    [InlineData(".runback/runs/r1/journal.jsonl")]
    public void A_link_of_somebody_else_s_is_not_followed_and_one_s_own_is(string name)
    {
        var victim = Path.Combine(_folder, "victim");
        var link = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.WriteAllText(victim, "as it was\n");
        File.CreateSymbolicLink(link, victim);
        using (PrivateFiles.Append(link))
        {
            // One's own.
        }
        if (!Environment.IsPrivilegedProcess)
            return;
        Chown(link, Somebody);
        Assert.Contains("a link of another user's", Assert.Throws<IOException>(() => PrivateFiles.Append(link)).Message, StringComparison.Ordinal);
        Assert.Throws<RunbookException>(() => new Runback.Runbook.Releases.Ledger(link).Append(Releases.Story.Verified("a")));
        Assert.Throws<RunbookException>(() => new Runback.Runbook.Releases.Ledger(link).Read());
        Assert.Equal("as it was\n", File.ReadAllText(victim));
    }

    [Fact]
    public void A_state_folder_that_is_somebody_else_s_link_is_not_followed()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(_folder, ".runback"), elsewhere);
        PrivateFiles.CreateFolder(Path.Combine(_folder, ".runback", "runs", "r1"));
        if (!Environment.IsPrivilegedProcess)
            return;
        Chown(Path.Combine(_folder, ".runback"), Somebody);
        Assert.Throws<IOException>(() => PrivateFiles.CreateFolder(Path.Combine(_folder, ".runback", "runs", "r2")));
        Assert.False(Directory.Exists(Path.Combine(elsewhere, "runs", "r2")));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_pinned_env_file_stays_the_file_of_its_owner()
    {
        var file = Path.Combine(_folder, ".env");
        await File.WriteAllTextAsync(file, "IMAGE_TAG=v1\n", TestContext.Current.CancellationToken);
        if (Environment.IsPrivilegedProcess)
            Chown(file, Somebody);
        using var run = Run.Begin(Path.Combine(_folder, ".runback"), "Rollback", Narration.Silent, new Secrets(), dryRun: false);

        await new Pin(Observed.Deployment(_folder))
        {
            Resolve = (_, names) => Task.FromResult<IReadOnlyDictionary<string, string>>(names.ToDictionary(name => name, _ => "v2")),
        }.WriteAsync("v2", run);

        Assert.Equal("IMAGE_TAG=v2\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(Environment.IsPrivilegedProcess, FileOwner.Of(file)!.Value.User == Somebody);
    }

    [Fact]
    public void A_state_folder_that_root_made_before_is_given_back()
    {
        var state = Directory.CreateDirectory(Path.Combine(_folder, ".runback", "runs")).Parent!.FullName;
        var owner = Owner;
        using (var run = Run.Begin(state, "Rollback", Narration.Silent, new Secrets(), dryRun: false))
            Assert.Equal(owner, FileOwner.Of(run.Folder!)!.Value.User);
        Assert.Equal((owner, owner), (FileOwner.Of(state)!.Value.User, FileOwner.Of(Path.Combine(state, "runs"))!.Value.User));
    }

    [Fact]
    public void A_file_that_was_there_keeps_its_owner_and_so_does_what_a_link_leads_to()
    {
        var elsewhere = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName, "file");
        File.WriteAllText(elsewhere, "");
        var before = FileOwner.Of(elsewhere)!.Value.User;
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "deployment")).FullName;
        if (Environment.IsPrivilegedProcess)
            Chown(folder, Somebody);
        File.CreateSymbolicLink(Path.Combine(folder, "link"), elsewhere);

        PrivateFiles.Append(Path.Combine(folder, "link")).Dispose();

        Assert.Equal(before, FileOwner.Of(elsewhere)!.Value.User);
        Assert.Throws<IOException>(() => PrivateFiles.Create(Path.Combine(folder, "link")));
    }

    private static void Chown(string path, uint user)
    {
        using var chown = Process.Start("chown", ["-h", user.ToString(), path])!;
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }
}
