using System.Text.RegularExpressions;

namespace Runback.Runbook.Profiles;

/// <summary>Where the release keeps its migrations, and how Alembic is called in it.</summary>
internal static partial class MigrationRules
{
    private static readonly string[] Shells = ["sh", "bash", "ash", "dash", "/bin/sh", "/bin/bash", "exec", "time"];

    public static void Propose(ProjectSurvey survey, AppChoice app, ProposalDraft draft)
    {
        if (app.First is null)
            return;
        if (survey.Alembic is { } place)
            draft.Set("MigrationsDirectory", place.Directory, place.IsInImage ? ProposalSource.Observed : ProposalSource.Guessed, place.Where);
        else if (draft.Text("MigrationsDirectory") is null)
            draft.Note("Alembic's configuration was found neither in the image nor in a folder that it is built from: `alembic/versions` is assumed", "name the folder of the revision files, from the image's working directory: --migrations-directory");
        foreach (var service in app.All)
        {
            if (Call(service.Words) is not { } call)
                continue;
            if (call.Count != 1 || call[0] != "alembic")
                draft.Set("AlembicCommand", call, ProposalSource.Observed, $"{service.Name} runs it");
            return;
        }
    }

    /// <summary>How Alembic is called, up to <c>upgrade</c>, in what a service runs; null when it isn't.</summary>
    internal static IReadOnlyList<string>? Call(IReadOnlyList<string> words)
    {
        foreach (var part in Separator().Split(string.Join(' ', words)))
        {
            var all = part.Split([' ', '\t', '\n', '\'', '"', '(', ')'], StringSplitOptions.RemoveEmptyEntries).ToList();
            var upgrade = all.IndexOf("upgrade");
            var alembic = all.FindIndex(word => word == "alembic" || word.EndsWith("/alembic", StringComparison.Ordinal));
            var flask = all.FindIndex(word => word == "flask" || word.EndsWith("/flask", StringComparison.Ordinal));
            if (upgrade < 1 || (alembic < 0 && (flask < 0 || all[upgrade - 1] != "db")) || Math.Max(alembic, flask) > upgrade)
                continue;
            List<string> call = [.. all.Take(upgrade).SkipWhile(word => Shells.Contains(word) || (word.StartsWith('-') && word.Length <= 4) || Assignment().IsMatch(word))];
            return call.Count > 0 && call.TrueForAll(word => Plain().IsMatch(word)) ? call : null;
        }
        return null;
    }

    [GeneratedRegex(@"&&|\|\||;|\||\n")]
    private static partial Regex Separator();

    [GeneratedRegex(@"^\w+=")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^[\w./=:@-]+$")]
    private static partial Regex Plain();
}
