using Runback.Runbook.Engines;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.ForwardFixes;

/// <summary>What a fixing migration is made from.</summary>
/// <param name="Alembic">The newer image, and how Alembic is called in it.</param>
/// <param name="MigrationsDirectory">Where the image keeps its migrations, relative to its working directory or absolute.</param>
/// <param name="Heads">The heads of that image's history: the new migration follows them. Several are merged.</param>
/// <param name="Message">The migration's message.</param>
public sealed record FixScaffoldRequest(AlembicContainerOptions Alembic, string MigrationsDirectory, IReadOnlyList<string> Heads, string Message)
{
    /// <summary>The new revision's id; made up when null.</summary>
    public string? Revision { get; init; }
}

/// <summary>A new migration file, as the newer image's own Alembic made it.</summary>
/// <param name="Revision">Its revision.</param>
/// <param name="File">Its bare name.</param>
/// <param name="Text">Its text.</param>
public sealed record ScaffoldedMigration(string Revision, string File, string Text);

/// <summary>
/// Lets the newer image's own Alembic make the file of a new migration, so that it has the project's own template, name and header. It runs without a
/// network: <c>alembic revision</c> asks no database unless the project sets <c>revision_environment</c>.
/// </summary>
public static class FixScaffold
{
    /// <summary>Makes it. Nothing is left of the container.</summary>
    /// <exception cref="RunbookException">Alembic refuses, with what it said; or the file isn't where the migrations are.</exception>
    public static async Task<ScaffoldedMigration> CreateAsync(FixScaffoldRequest request, Shell shell, EngineApi engine, CancellationToken cancellation)
    {
        if (request.Heads.Count == 0)
            throw RunbookException.Refused("expected at least one head in the newer image, found none", "look at its migrations: --migrations-directory");
        var revision = request.Revision ?? Guid.NewGuid().ToString("N")[..12];
        string[] arguments = request.Heads is [var head]
            ? ["revision", "--message", request.Message, "--head", head, "--rev-id", revision]
            : ["merge", "--message", request.Message, "--rev-id", revision, .. request.Heads];
        // Root, since the image's own user mostly may not write its own code.
        await using var container = await AlembicContainer.CreateAsync(request.Alembic with { User = request.Alembic.User ?? "0:0" }, arguments, shell, engine, cancellation);
        var result = await container.RunAsync(cancellation);
        if (!result.Succeeded)
        {
            throw new RunbookException(
                $"expected `alembic {string.Join(' ', arguments.Take(1))}` in {request.Alembic.Image} to make a migration, found exit code {result.ExitCode}: {result.Complaint}",
                "does the image hold Alembic and its alembic.ini in the working directory? With revision_environment = true its env.py runs, which needs the application's settings");
        }
        var archive = await container.CopyOutAsync(request.MigrationsDirectory, cancellation)
            ?? throw new RunbookException($"expected the folder {request.MigrationsDirectory} in {request.Alembic.Image}, found none", "name it with --migrations-directory");
        return Find(MigrationArchive.Read(new MemoryStream(archive)), revision)
            ?? throw new RunbookException(
                $"expected the new migration {revision} in {request.MigrationsDirectory}, found it elsewhere: {result.Output.Trim()}",
                "name the version folder that Alembic writes to with --migrations-directory");
    }

    /// <summary>
    /// Writes the filled file for its owner only, into a folder of the run and, when asked, into another one. A file that is there already is never overwritten.
    /// </summary>
    /// <returns>The paths written, the run's first.</returns>
    /// <exception cref="RunbookException">The other folder isn't there, or has a file of that name.</exception>
    public static IReadOnlyList<string> HandOut(ScaffoldedMigration migration, string text, string runFolder, string? output)
    {
        var folder = Path.Combine(runFolder, "forward-fix");
        PrivateFiles.CreateFolder(folder);
        if (output is not null && !Directory.Exists(output))
            throw RunbookException.Usage($"expected the folder {output}, found none", "make it, or name the project's version folder with --output");
        List<string> paths = [Path.Combine(folder, migration.File)];
        if (output is not null)
            paths.Add(Path.Combine(Path.GetFullPath(output), migration.File));
        if (paths.Find(File.Exists) is { } taken)
            throw RunbookException.Refused($"expected no file {taken}, found one", "it is left as it is: move it away, or name another folder with --output");
        foreach (var path in paths)
        {
            using var writer = new StreamWriter(PrivateFiles.Create(path));
            writer.Write(text);
        }
        return paths;
    }

    private static ScaffoldedMigration? Find(IReadOnlyList<SourceFile> files, string revision)
    {
        foreach (var file in files.Where(file => file.Text.Contains(revision, StringComparison.Ordinal)))
        {
            // The others are the history's; only the new one has this id as its own.
            if (Migrations.Alembic.MigrationReader.Read(file.Path, file.Text)?.Revision == revision)
                return new ScaffoldedMigration(revision, file.Path[(file.Path.LastIndexOf('/') + 1)..], file.Text);
        }
        return null;
    }
}
