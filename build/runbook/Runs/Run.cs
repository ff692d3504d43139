using System.Globalization;
using System.Security.Cryptography;
using Runback.Runbook.Processes;
using Runback.Runbook.Reports;

namespace Runback.Runbook.Runs;

/// <summary>One execution: its id, its folder with journal and report, and the shell through which it acts.</summary>
public sealed class Run : IDisposable
{
    /// <summary>The name of a run's result in its folder.</summary>
    public const string ResultName = "result.json";

    /// <summary>The name of a run's journal in its folder.</summary>
    public const string JournalName = "journal.jsonl";

    private readonly StreamWriter? _transcript;

    private Run(string id, string target, string? folder, Narration narration, Secrets secrets)
    {
        Id = id;
        Target = target;
        Folder = folder;
        Secrets = secrets;
        Narration = narration;
        Journal = folder is null ? Journal.None : Journal.Open(Path.Combine(folder, JournalName), secrets);
        if (folder is not null)
            Journal.Trouble = why => narration.Warn($"the journal can't be written any more: {why}; the run goes on", "make room on the disk that holds the deployment's .runback folder: what is left over is written at the end");
        Tracing = Tracing.Begin(id, target, Environment.GetEnvironmentVariable, secrets, narration);
        Shell = new Shell(narration, Journal, dryRun: folder is null);
        Result = new RunResult { Run = id, Target = target, StartedAt = DateTimeOffset.UtcNow };
        if (folder is null)
            return;
        _transcript = new StreamWriter(PrivateFiles.Append(Path.Combine(folder, "transcript.log"))) { AutoFlush = true };
        narration.Copy = Transcribe;
    }

    /// <summary>The run's id: its UTC start and four hex digits.</summary>
    public string Id { get; }

    /// <summary>The target that was asked for.</summary>
    public string Target { get; }

    /// <summary>The run's folder, or null in a dry run.</summary>
    public string? Folder { get; }

    /// <summary>Whether changes are only printed.</summary>
    public bool DryRun => Folder is null;

    /// <summary>What is masked in every text of the run.</summary>
    public Secrets Secrets { get; }

    /// <summary>What a person reads.</summary>
    public Narration Narration { get; }

    /// <summary>The run's record.</summary>
    public Journal Journal { get; }

    /// <summary>The run as a trace; <see cref="Tracing.None"/> unless a collector is named in the environment.</summary>
    public Tracing Tracing { get; }

    /// <summary>Through which the run acts.</summary>
    public Shell Shell { get; }

    /// <summary>What <c>result.json</c> will hold.</summary>
    public RunResult Result { get; }

    /// <summary>Begins a run.</summary>
    /// <param name="statePath">The deployment's state folder, in which the run's folder is made.</param>
    /// <param name="target">The target that was asked for.</param>
    /// <param name="narration">What a person reads.</param>
    /// <param name="secrets">What is masked.</param>
    /// <param name="dryRun">Whether changes are only printed; nothing is written then, not even the folder.</param>
    /// <exception cref="RunbookException">The folder can't be written.</exception>
    public static Run Begin(string statePath, string target, Narration narration, Secrets secrets, bool dryRun)
    {
        if (Path.GetDirectoryName(statePath) is { } directory && !Directory.Exists(directory))
        {
            throw RunbookException.Usage(
                $"expected the deployment's folder {directory}, found none",
                "the lab's is made by ./build.sh LabUp; another deployment is named by --profile, or by --directory");
        }
        var id = $"{DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}";
        if (dryRun)
            return new Run(id, target, null, narration, secrets);
        var folder = Path.Combine(statePath, "runs", id);
        try
        {
            PrivateFiles.Adopt(statePath, Path.Combine(statePath, "runs"));
            PrivateFiles.CreateFolder(folder);
            var run = new Run(id, target, folder, narration, secrets);
            run.Journal.Write("begin", ("version", Journal.Version), ("run", id), ("target", target), ("user", Environment.UserName), ("host", Environment.MachineName));
            if (run.Tracing.TraceId is { } trace)
                run.Journal.Note("trace", ("id", trace));
            return run;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RunbookException.Refused(
                $"expected to be able to write the run's folder {folder}, found: {exception.Message}",
                "make the deployment's .runback folder writable, or run as its owner");
        }
    }

    /// <summary>Writes <c>result.json</c>, the reports, the list of all runs, and the journal's last line.</summary>
    /// <returns>The result as the JSON document that <c>--json</c> prints.</returns>
    public string End()
    {
        Result.EndedAt = DateTimeOffset.UtcNow;
        if (Folder is not null)
            Result.Report = Path.Combine(Folder, RunReports.TicketName);
        var json = Secrets.Mask(Result.ToJson());
        if (Folder is null)
            return json;
        Journal.StopNothing();
        if (WriteResult(json))
        {
            WriteReports(json);
        }
        else
        {
            Result.Report = null;
            json = Secrets.Mask(Result.ToJson());
        }
        Journal.Write("end", ("outcome", Result.Outcome.ToString()), ("exitCode", Result.ExitCode));
        return json;
    }

    // The run ended as it did, whether or not that can be kept.
    private bool WriteResult(string json)
    {
        try
        {
            PrivateFiles.Replace(Path.Combine(Folder!, ResultName), json + "\n");
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Narration.Warn($"{Path.Combine(Folder!, ResultName)} can't be written: {exception.Message}", "how the run ended is said here, in its exit code and, with --json, in the document; make room or make the folder writable");
            return false;
        }
    }

    // How a run ended is in its result and its journal. That it can't be drawn as well must not make it end otherwise.
    private void WriteReports(string result)
    {
        try
        {
            RunReports.Write(result, Folder!);
            RunIndex.Write(Path.GetFullPath(Path.Combine(Folder!, "..", "..")));
        }
        catch (Exception exception)
        {
            Narration.Warn($"the report can't be written: {exception.Message}", $"what happened is in {Path.Combine(Folder!, ResultName)}; ./build.sh Report --run {Id} tries again");
        }
    }

    // A full disk must not stop a cutover for the sake of its transcript.
    private void Transcribe(string line)
    {
        try
        {
            _transcript?.WriteLine(line);
        }
        catch (IOException full)
        {
            Narration.Copy = null;
            Narration.Warn($"the transcript ends here: {full.Message}", "make room on the disk that holds the deployment's .runback folder");
        }
    }

    private void CloseTranscript()
    {
        try
        {
            _transcript?.Dispose();
        }
        catch (IOException)
        {
            // It was said that the transcript ends.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Whoever waits for the deployment's lock has it by now: a collector may take its two seconds.
        Tracing.End(Result);
        Narration.Copy = null;
        CloseTranscript();
        if (Folder is not null)
            Journal.Dispose();
    }
}
