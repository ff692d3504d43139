using Runback.Runbook.Processes;

namespace Runback.Runbook.Profiles;

/// <summary>Folder, compose files, env file, project name, backups.</summary>
internal static class FileRules
{
    public static void Propose(ProjectSurvey survey, ProposalDraft draft)
    {
        draft.Set("Directory", survey.Folder, ProposalSource.Observed, "the folder of the compose files");
        draft.Set("ComposeFiles", survey.ComposeFiles, ProposalSource.Observed, survey.FoundBy);
        if (survey.UnusedFiles.Count > 0)
        {
            draft.Note($"{string.Join(" and ", survey.UnusedFiles)} {(survey.UnusedFiles.Count == 1 ? "is" : "are")} there too, and a plain `docker compose` doesn't use {(survey.UnusedFiles.Count == 1 ? "it" : "them")}",
                "where production is made with them, name all files in their order: --compose-files");
        }
        draft.Set("EnvFile", survey.EnvFile, survey.HasEnvFile ? ProposalSource.Observed : ProposalSource.Default, survey.HasEnvFile ? "Compose reads it" : "where Compose looks for one");
        if (!survey.HasEnvFile)
            draft.Note($"there is no {survey.EnvFile} in {survey.Folder}: the release is pinned in it", $"touch {Command.Quote(Path.Combine(survey.Folder, survey.EnvFile))}");
        draft.Set("ProjectName", survey.Name, ProposalSource.Observed, survey.Services.Any(service => service.Container is not null) ? "its containers carry it" : "Compose's own choice");
        draft.Set("BackupDirectory", "backups", survey.HasBackupFolder ? ProposalSource.Observed : ProposalSource.Default, survey.HasBackupFolder ? "the folder is there" : "the usual name");
        if (!survey.HasBackupFolder && draft.Text("BackupDirectory") is null)
            draft.Note($"there is no folder for backups in {survey.Folder}", $"mkdir -m 700 {Command.Quote(Path.Combine(survey.Folder, "backups"))}");
        if (survey.EngineProblem is { } problem)
            draft.Note($"the engine couldn't be asked, so that only files were looked at: {problem}", "see `docker info`; run Init again where the project runs");
    }
}
