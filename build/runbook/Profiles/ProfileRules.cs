using System.Text.Json.Nodes;

namespace Runback.Runbook.Profiles;

/// <summary>Makes a profile of what was observed of a project. It reads nothing itself: the same survey always gives the same proposal.</summary>
public static class ProfileRules
{
    /// <summary>Proposes a profile.</summary>
    /// <param name="survey">What was observed.</param>
    /// <param name="given">Values that whoever asks knows better, by the profile's key.</param>
    /// <param name="name">The profile's name; the project's when null.</param>
    public static ProfileProposal Propose(ProjectSurvey survey, IReadOnlyDictionary<string, JsonNode>? given = null, string? name = null)
    {
        var draft = new ProposalDraft(given ?? new Dictionary<string, JsonNode>());
        FileRules.Propose(survey, draft);
        var database = DatabaseRules.Find(survey, draft);
        var app = AppRules.Find(survey, database, draft);
        DatabaseRules.Propose(survey, database, app, draft);
        TagRules.Propose(survey, app, draft);
        AddressRules.Propose(survey, app, draft);
        HealthRules.Propose(survey, app, draft);
        MigrationRules.Propose(survey, app, draft);
        foreach (var (key, question) in Objectives)
            draft.Ask(key, question, isNeeded: false);
        return draft.End(name ?? survey.Name);
    }

    // Nothing in a project tells what its clients can bear.
    private static readonly (string, string)[] Objectives =
    [
        ("ObjectiveRollback", "how many seconds may a rollback take, verification included (RTO)?"),
        ("ObjectiveData", "how old may the backup be that a drill is held with, in seconds (RPO)?"),
        ("ObjectiveOutage", "how many seconds may clients be without an answer?"),
    ];
}
