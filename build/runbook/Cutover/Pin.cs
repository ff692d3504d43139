using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Cutover;

/// <summary>
/// Keeps a release in place for every later plain <c>docker compose</c> command on the host, by the tag variable in the env file (trap 1).
/// Where the registry has a digest, the value is <c>tag@digest</c>, which no moving tag changes (trap 12).
/// </summary>
/// <param name="deployment">The deployment.</param>
/// <param name="variable">The variable that is set; the tag variable when not given.</param>
public sealed class Pin(Deployment deployment, string? variable = null)
{
    private readonly string _variable = variable ?? deployment.TagVariable;

    /// <summary>Tells what an env file's variables are for Compose.</summary>
    internal Func<string, IReadOnlyCollection<string>, Task<IReadOnlyDictionary<string, string>>> Resolve { get; init; } = ComposeVariables.ReadAsync;

    // A link is followed, so that the file behind it is replaced and the link stays.
    private readonly string _path = Behind(deployment.EnvFilePath);

    /// <summary>The value that pins a release.</summary>
    public static string Value(string tag, string? digest) => digest is null ? tag : $"{tag}@{digest}";

    /// <summary>The value that is pinned now, or null.</summary>
    public string? Read() => File.Exists(_path) ? Load()[_variable] : null;

    /// <summary>Pins a value. The old file is kept in <see cref="KeptFolder"/>.</summary>
    /// <param name="value">The new value of the tag variable.</param>
    /// <param name="run">The run that does it.</param>
    /// <returns>The kept file's path, or null when nothing had to change.</returns>
    /// <exception cref="RunbookException">The variable can't be pinned there, Compose doesn't follow it, the file can't be written, or somebody else replaced it meanwhile.</exception>
    public async Task<string?> WriteAsync(string value, Run run)
    {
        var before = Load();
        if (before[_variable] == value)
            return null;
        var after = before.Set(_variable, value);
        if (Environment.GetEnvironmentVariable(_variable) is { } overruling && overruling != value)
        {
            run.Narration.Warn(
                $"{_variable}={overruling} is set in the shell that started this: it is ignored here, and wins over the env file in that shell's own docker compose commands",
                $"unset {_variable}");
        }
        string? kept = null;
        await run.Shell.ChangeAsync(Pasteable(before, after, value), async () =>
        {
            kept = Keep(before, run);
            await ReplaceAsync(before, after, written => ThrowUnlessFollowedAsync(before, written, value));
        });
        return kept;
    }

    /// <summary>Sees that the variable can be pinned: Compose reads the file, takes the same value from it as is read here, and it isn't made of others.</summary>
    /// <exception cref="RunbookException">It can't.</exception>
    internal async Task ThrowUnlessPinnableAsync()
    {
        var file = Load();
        file.ThrowUnlessSettable(_variable);
        if ((await Resolve(_path, [_variable])).GetValueOrDefault(_variable) is { } read && read != (file[_variable] ?? ""))
        {
            throw RunbookException.Refused(
                $"expected to read {_variable} from {_path} as Compose does, found `{file[_variable]}` where Compose has `{read}`",
                $"write {_variable} in a line of its own, without quotes: {_variable}=TAG");
        }
    }

    // What the next plain command will read: the pin, and everything else as it was.
    private async Task ThrowUnlessFollowedAsync(EnvFile before, string written, string value)
    {
        var names = before.Values.Keys.Append(_variable).Distinct(StringComparer.Ordinal).ToList();
        var (old, now) = (await Resolve(_path, names), await Resolve(written, names));
        if (now.GetValueOrDefault(_variable) != value)
        {
            throw new RunbookException(
                $"expected Compose to follow {_variable}={value} in {_path}, found that it would read `{now.GetValueOrDefault(_variable)}`: nothing was replaced",
                $"write {_variable} in a line of its own, without quotes: {_variable}=TAG");
        }
        if (names.Find(name => name != _variable && old.GetValueOrDefault(name) != now.GetValueOrDefault(name)) is { } other)
        {
            throw new RunbookException(
                $"expected only {_variable} to change in {_path}, found that {other} would change with it: nothing was replaced",
                $"write {_variable} in a line of its own, and {other} without it");
        }
    }

    /// <summary>Puts the env file back as it was before <see cref="WriteAsync"/>.</summary>
    /// <param name="kept">The kept file.</param>
    /// <param name="run">The run that does it.</param>
    /// <exception cref="RunbookException">The file can't be written, or somebody else replaced it meanwhile.</exception>
    public async Task RestoreAsync(string kept, Run run)
    {
        var before = Load();
        await run.Shell.ChangeAsync($"cp {Command.Quote(kept)} {Command.Quote(_path)}", () => ReplaceAsync(before, new EnvFile(File.ReadAllText(kept, EnvFile.Bytes)), _ => Task.CompletedTask));
    }

    // What a killed run had written and not yet put in the env file's place: it is full of secrets.
    private void RemoveHalfWritten()
    {
        foreach (var half in Directory.EnumerateFiles(Path.GetDirectoryName(_path)!, $"{Path.GetFileName(_path)}.*.tmp"))
        {
            if (Guid.TryParseExact(Path.GetFileName(half)[(Path.GetFileName(_path).Length + 1)..^4], "N", out _))
                File.Delete(half);
        }
    }

    private static string Behind(string path) =>
        File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;

    // The plainest line that does exactly the same.
    private string Pasteable(EnvFile before, EnvFile after, string value)
    {
        if (before[_variable] is null)
            return $"printf '{(before.Text.Length == 0 || before.Text.EndsWith('\n') ? "" : "\\n")}{_variable}={value}\\n' >> {Command.Quote(_path)}";
        var plain = string.Join('\n', before.Text.Split('\n').Select(line => line.StartsWith($"{_variable}=", StringComparison.Ordinal) ? $"{_variable}={value}" : line));
        if (plain == after.Text)
            return $"sed -i 's|^{_variable}=.*|{_variable}={value}|' {Command.Quote(_path)}";
        // A `$` in the line is one that a single-quoted word of the shell keeps; `c` takes the rest of it as it is, but for backslashes.
        return after.LineOf(_variable) is { } line && before.LineOf(_variable) is { } old && old.Number == line.Number && !line.Text.Contains('\r', StringComparison.Ordinal)
            ? $"sed -i {Command.Quote($"{line.Number}c\\{line.Text.Replace("\\", "\\\\", StringComparison.Ordinal)}")} {Command.Quote(_path)}"
            : $"sed -i -E {Command.Quote($@"s|^([[:space:]]*(export[[:space:]]+)?{_variable}[[:space:]]*[=:][[:space:]]*)[^[:space:]]*|\1{value}|")} {Command.Quote(_path)}";
    }

    private EnvFile Load() => new(File.ReadAllText(_path, EnvFile.Bytes));

    /// <summary>
    /// Where a run keeps env files as they were. Not in the run's own folder: that one is handed on, whole, as an artifact of a CI job, and an env
    /// file is full of secrets.
    /// </summary>
    public static string KeptFolder(string runFolder) =>
        Path.Combine(Path.GetFullPath(Path.Combine(runFolder, "..", "..")), "kept", Path.GetFileName(Path.TrimEndingDirectorySeparator(runFolder)));

    // Where the folder for it can't be written any more, beside the file itself.
    private string Keep(EnvFile before, Run run)
    {
        var name = $"env.{DateTime.UtcNow:HHmmssfff}.before";
        try
        {
            var folder = KeptFolder(run.Folder!);
            PrivateFiles.CreateFolder(folder);
            return Keep(before, Path.Combine(folder, name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Keep(before, $"{_path}.{run.Id}.{name}");
        }
    }

    private static string Keep(EnvFile before, string kept)
    {
        using var file = PrivateFiles.Create(kept);
        file.Write(EnvFile.Bytes.GetBytes(before.Text));
        file.Flush(flushToDisk: true);
        return kept;
    }

    private async Task ReplaceAsync(EnvFile before, EnvFile after, Func<string, Task> check)
    {
        RemoveHalfWritten();
        var temporary = $"{_path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = PrivateFiles.Create(temporary))
            {
                file.Write(EnvFile.Bytes.GetBytes(after.Text));
                file.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(_path));
                // Run with sudo, it must stay the file of whoever deploys.
                await Shell.Quiet.TryAsync(new Command("chown", $"--reference={_path}", temporary), CancellationToken.None);
            }
            await check(temporary);
            if (Load().Text != before.Text)
            {
                throw new RunbookException(
                    $"expected {_path} as it was read a moment ago, found it changed by somebody else",
                    "see who edits it, then run the same command again");
            }
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunbookException($"expected to be able to replace {_path}, found: {exception.Message}", "make the file and its folder writable", inner: exception);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
