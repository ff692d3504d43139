namespace Runback.Ci;

/// <summary>The CI files that a declaration gives: their content, and whether a checkout has them so.</summary>
public static class GeneratedFiles
{
    internal const string Note = "Written by ./build.sh GenerateCi from build/Build.Ci.cs: change that, then run it again.";

    /// <summary>The files' content, by path below the checkout's root.</summary>
    /// <exception cref="DeclarationException">The declaration can't be written down.</exception>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<Job> jobs)
    {
        foreach (var job in jobs)
            job.Check();
        if (jobs.GroupBy(job => job.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DeclarationException($"expected each job once, found {twice.Key} more often");
        var files = jobs.ToDictionary(GitHubWorkflow.PathOf, GitHubWorkflow.Of);
        files[GitLabPipeline.Path] = GitLabPipeline.Of(jobs);
        return files;
    }

    /// <summary>The paths of files that are missing in a checkout, or differ.</summary>
    public static IReadOnlyList<string> Stale(IReadOnlyList<Job> jobs, string root) =>
        [.. Of(jobs).Where(file => !IsThere(Path.Combine(root, file.Key), file.Value)).Select(file => file.Key)];

    /// <summary>Writes the files that are missing or differ.</summary>
    /// <returns>Their paths.</returns>
    public static IReadOnlyList<string> Write(IReadOnlyList<Job> jobs, string root)
    {
        var files = Of(jobs);
        var stale = Stale(jobs, root);
        foreach (var path in stale)
        {
            var file = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, files[path]);
        }
        return stale;
    }

    // A checkout may have been made with the other system's line ends.
    private static bool IsThere(string file, string content) => File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == content;
}
