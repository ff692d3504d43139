namespace Runback.Runbook.Runs;

/// <summary>The files in the checkout that GitLab keeps of a job: variables for later ones, and the run's own files.</summary>
public static class GitLabFiles
{
    /// <summary>The dotenv report's name.</summary>
    public const string Dotenv = "runback.env";

    /// <summary>The folder with the run's files.</summary>
    public const string Folder = "runback-run";

    // GitLab refuses a dotenv report of more than 5 KiB, and values of several lines.
    private const int LongestValue = 512;

    /// <summary>
    /// The dotenv report: <c>RUNBACK_</c> and the value's name. What isn't a letter, a digit or one of <c>. _ : / @ + -</c> becomes an underscore:
    /// these variables end up in other jobs' shells.
    /// </summary>
    /// <param name="values">Names and values.</param>
    public static string DotenvOf(IEnumerable<(string Name, string Value)> values) => string.Concat(values.Select(value =>
        $"RUNBACK_{value.Name.ToUpperInvariant().Replace('-', '_')}={string.Concat(value.Value.Take(LongestValue).Select(Safe))}\n"));

    /// <summary>Copies a run's files, those in folders below it not included, into the checkout; what a run before left there goes.</summary>
    /// <param name="run">The run's folder, or null when there is none.</param>
    /// <param name="checkout">The checkout.</param>
    public static void Copy(string? run, string checkout)
    {
        var folder = Path.Combine(checkout, Folder);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        if (run is null || !Directory.Exists(run))
            return;
        PrivateFiles.CreateFolder(folder);
        foreach (var file in Directory.EnumerateFiles(run))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
    }

    private static char Safe(char letter) => char.IsAsciiLetterOrDigit(letter) || ".:/@+-_".Contains(letter) ? letter : '_';
}
