using System.Globalization;
using System.Text.Json.Nodes;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Profiles;

/// <summary>What a person asked for who wants a profile.</summary>
/// <param name="Survey">Which project is meant.</param>
/// <param name="Given">Values that are known better than a look could tell them, by the profile's key.</param>
/// <param name="Name">The new profile's name; the project's when null.</param>
/// <param name="Root">The folder with <c>.nuke</c>.</param>
public sealed record InitRequest(SurveyRequest Survey, IReadOnlyDictionary<string, JsonNode> Given, string? Name, string Root)
{
    /// <summary>Whether nothing is written.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether it is written without asking.</summary>
    public bool Yes { get; init; }
}

/// <summary>Looks at a project, proposes a profile, asks what nothing tells, and writes it after a yes.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="narration">Where it is shown and asked.</param>
/// <param name="secrets">Where the project's secrets are added, so that nothing shows them.</param>
public sealed class InitOperation(InitRequest request, Narration narration, Secrets secrets)
{
    /// <summary>Does it.</summary>
    /// <returns>The document that <c>--json</c> prints.</returns>
    /// <exception cref="RunbookException">There is no project that a profile could describe, nobody can be asked, or the answer was no. Nothing was written.</exception>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        if (!request.Yes && !request.DryRun && Console.IsInputRedirected)
            throw RunbookException.Usage("expected a terminal on which a person can answer, found none", "add --yes to write the profile without asking, or --dry-run to see it");
        using var probe = new HttpProbe();
        var surveyor = new ProjectSurveyor(EngineApi.Shared, probe, Shell.Quiet);
        var survey = await surveyor.SurveyAsync(request.Survey, cancellation);
        var given = request.Given.ToDictionary(StringComparer.Ordinal);
        var proposal = Propose(survey, given, surveyor.Secrets);
        Show(proposal, survey);
        if (proposal.Refusal is { } refusal)
            throw RunbookException.Refused(refusal.Text, refusal.Hint);
        if (!request.Yes && !request.DryRun && proposal.Open.Count > 0)
            proposal = await AnsweredAsync(survey, proposal, given, surveyor.Secrets, cancellation);
        var file = new ProfileFile(request.Root, proposal.Name);
        var existing = file.Read();
        var merged = ProfileFile.Merge(existing, proposal);
        var differences = existing is null ? [] : ProfileFile.Differences(existing, merged);
        var written = await WriteAsync(file, existing, merged, differences, cancellation);
        if (written)
            TellNext(proposal);
        return ProposalText.Json(proposal, file.Label, differences, written);
    }

    private ProfileProposal Propose(ProjectSurvey survey, Dictionary<string, JsonNode> given, IReadOnlyList<string> hidden)
    {
        var proposal = ProfileRules.Propose(survey, given, request.Name);
        // What is proposed is shown; a password that is the same word would hide it.
        var shown = proposal.Values.SelectMany(value => value.Value is JsonArray list ? list.Select(one => $"{one}") : [$"{value.Value}"]).ToHashSet(StringComparer.Ordinal);
        secrets.Add([.. hidden.Where(value => !shown.Contains(value))]);
        return proposal;
    }

    private void Show(ProfileProposal proposal, ProjectSurvey survey)
    {
        narration.Say($"{survey.Name} in {survey.Folder}: {survey.Services.Count} services, {survey.Services.Count(service => service.IsRunning)} of them running");
        foreach (var line in ProposalText.Lines(proposal))
            narration.Say(line);
    }

    // An answer may settle more than its own question: all is concluded anew.
    private async Task<ProfileProposal> AnsweredAsync(ProjectSurvey survey, ProfileProposal proposal, Dictionary<string, JsonNode> given, IReadOnlyList<string> hidden, CancellationToken cancellation)
    {
        var skipped = new HashSet<string>(StringComparer.Ordinal);
        narration.Say("\nWhat nothing tells (Enter leaves it out):");
        while (proposal.Open.Where(open => !skipped.Contains(open.Key)).OrderByDescending(open => open.IsNeeded).FirstOrDefault() is { } open)
        {
            narration.Say($"{open.Key}: {open.Question}");
            if (await ReadAsync(cancellation) is not { Length: > 0 } answer)
                skipped.Add(open.Key);
            else if (Value(open, answer) is { } value)
                given[open.Key] = value;
            proposal = Propose(survey, given, hidden);
        }
        Show(proposal, survey);
        return proposal;
    }

    private JsonNode? Value(OpenKey open, string answer)
    {
        try
        {
            return open.Key switch
            {
                "BaseUrl" => Urls.Base(answer).ToString().TrimEnd('/'),
                _ when open.IsList => new JsonArray([.. ProposalDraft.Words(answer).Select(word => (JsonNode)word)]),
                _ when open.Key.StartsWith("Objective", StringComparison.Ordinal) => double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
                    : throw RunbookException.Usage($"expected seconds, found `{answer}`", "a number, such as 300"),
                _ => answer,
            };
        }
        catch (RunbookException wrong)
        {
            narration.Warn(wrong.Message, wrong.Hint);
            return null;
        }
    }

    private async Task<bool> WriteAsync(ProfileFile file, JsonObject? existing, JsonObject merged, IReadOnlyList<string> differences, CancellationToken cancellation)
    {
        if (existing is not null)
        {
            narration.Say(differences.Count == 0 ? $"\n{file.Label} says all of it already: nothing to write" : $"\n{file.Label} is there already. What would change in it:");
            foreach (var line in differences)
                narration.Say($"  {line}");
            if (differences.Count == 0)
                return false;
        }
        if (request.DryRun)
        {
            narration.Say($"\n{file.Label} would be written; nothing was, as asked (--dry-run)");
            return false;
        }
        if (!request.Yes)
        {
            narration.Say($"\n{(existing is null ? $"{file.Label} will be written." : $"{file.Label} will be replaced; the old one is kept beside it.")}\nType yes to go on:");
            if ((await ReadAsync(cancellation))?.ToUpperInvariant() is not ("YES" or "Y"))
                throw RunbookException.Refused("expected a yes, found another answer", "nothing was written; --dry-run shows what would be");
        }
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var kept = file.Write(merged);
            narration.Say($"\nwrote {file.Label}{(kept is null ? "" : $"; the old one is {Path.GetFileName(kept)} beside it")}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunbookException($"expected to be able to write {file.Label}, found: {exception.Message}", "make the folder .nuke writable", inner: exception);
        }
        return true;
    }

    private void TellNext(ProfileProposal proposal)
    {
        if (proposal.Open.Where(open => open.IsNeeded).Select(open => open.Key).ToList() is { Count: > 0 } missing)
            narration.Warn($"nothing works without {string.Join(", ", missing)}", "write them into the profile, or run Init again with them");
        narration.Say("next:");
        narration.Say($"  ./build.sh Check --profile {proposal.Name}                            # what a rollback would refuse today");
        narration.Say($"  ./build.sh Rollback --profile {proposal.Name} --tag TAG --dry-run     # reads everything, changes nothing");
    }

    private static async Task<string?> ReadAsync(CancellationToken cancellation) =>
        (await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellation))?.Trim();
}
