namespace Runback.Runbook.Profiles;

/// <summary>The release's image and the variable of its tag; and what the compose file must say for a rollback to mean anything.</summary>
internal static class TagRules
{
    private const string UsualVariable = "IMAGE_TAG";

    public static void Propose(ProjectSurvey survey, AppChoice app, ProposalDraft draft)
    {
        if (app.First is null)
        {
            draft.Ask("Image", "which image is the release's, without a tag?", isNeeded: true);
            return;
        }
        var services = app.Services.ToList();
        var templates = services.ToDictionary(service => service.Name, service => service.ImageTemplate is { } text ? ImageTemplate.Parse(text) : null, StringComparer.Ordinal);
        var repository = ProposeImage(survey, services, templates, draft);
        var variables = templates.Values.OfType<ImageTemplate>().Where(template => template.Form is TagForm.Variable or TagForm.Mixed).SelectMany(template => template.Variables).Distinct(StringComparer.Ordinal).ToList();
        var variable = draft.Text("TagVariable") ?? variables.FirstOrDefault() ?? UsualVariable;
        if (variables.Count == 0)
            draft.Set("TagVariable", variable, ProposalSource.Default, "the compose file has no variable for the tag yet");
        else
        {
            var having = services.Find(service => templates[service.Name]?.Variables.Contains(variable, StringComparer.Ordinal) == true);
            draft.Set("TagVariable", variable, variables.Count == 1 ? ProposalSource.Observed : ProposalSource.Guessed, $"{having?.Name} has {having?.ImageTemplate}");
        }
        // One line may be that of several, by an anchor.
        foreach (var same in services.GroupBy(service => (service.ImageLine, service.ImageTemplate, Own: service.ImageLine is null ? service.Name : "")))
            Change(string.Join(" and ", same.Select(service => service.Name)), same.First(), templates[same.First().Name], repository, variable, draft);
        Share(survey, app, repository, variable, draft);
        if (services[0].Compose.Image is { } image && Deployments.ReleaseReference.Parse(image) is { Tag: var now, Digest: null } && (now is null || (Releases.Tag.TryParse(now, out var tag) && tag.Moves)))
            draft.Note($"what is deployed now is `{now ?? "latest"}`, which stands for another image with every build", "deploy by tags that name one release each: a rollback leads to one of them");
        if (variables.Contains(variable) && !survey.Assigned.Contains(variable))
        {
            var runs = services.Select(service => service.Container).OfType<Engines.Container>().Select(container => Deployments.ReleaseReference.Parse(container.ImageReference).Tag).FirstOrDefault(tag => tag is not null);
            draft.Note($"{variable} isn't in {survey.EnvFile}: a plain `docker compose up` takes {(templates[services[0].Name]?.Default is { } usual ? $"`{usual}`" : "whatever the shell says")}",
                $"write what runs into {survey.EnvFile}: {variable}={runs ?? "TAG"}");
        }
    }

    private static string? ProposeImage(ProjectSurvey survey, List<SurveyedService> services, Dictionary<string, ImageTemplate?> templates, ProposalDraft draft)
    {
        var repositories = services.Select(service => service.Repository).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (draft.Text("Image") is { } given)
            return given;
        if (repositories.Count == 0)
        {
            draft.Ask("Image", $"to which repository are the releases of {string.Join(" and ", services.Select(service => service.Name))} pushed, such as registry.example.com/{survey.Name}/app?", isNeeded: true);
            return null;
        }
        var first = services.First(service => service.Repository is not null);
        var form = templates[first.Name]?.Form;
        draft.Set("Image", repositories[0], form is TagForm.Whole ? ProposalSource.Guessed : ProposalSource.Observed, $"{first.Name} has {first.ImageTemplate ?? first.Compose.Image}");
        if (repositories.Count > 1)
            draft.Note($"the app services have several images: {string.Join(", ", repositories)}", "one profile describes one release: leave out with --services those that aren't of it");
        return repositories[0];
    }

    // The line as it must be, from the one that is there.
    private static void Change(string names, SurveyedService service, ImageTemplate? template, string? repository, string variable, ProposalDraft draft)
    {
        if (template is { Form: TagForm.Variable } && template.Variables[0] == variable)
            return;
        var name = template is { Form: TagForm.Whole } ? repository ?? template.Default : template?.Repository ?? repository;
        var usual = template switch
        {
            { Form: TagForm.Fixed, Tag: { } tag } when !tag.Contains('@', StringComparison.Ordinal) => $":-{tag}",
            { Form: TagForm.None } => ":-latest",
            { Form: TagForm.Whole, Default: { } image } when Deployments.ReleaseReference.Parse(image) is { Tag: { } tag, Digest: null } => $":-{tag}",
            _ => "",
        };
        var wanted = $"image: {name ?? "REPOSITORY"}:${{{variable}{usual}}}";
        var where = service.ImageLine is { } line ? $"{line}: `{line.Text}`" : template is null ? "it has no image" : $"image: {template.Text}";
        var found = template?.Form switch
        {
            null => $"{names}: only built, and a release is an image with a tag: {where}",
            TagForm.Variable => $"{names}: the tag is taken from {template.Variables[0]}, and others from {variable}: {where}",
            TagForm.Mixed => $"{names}: the tag is more than its variable, so that the variable's value isn't a tag of the repository: {where}",
            TagForm.Whole => $"{names}: one variable holds name and tag of the image, and a rollback sets the tag alone: {where}",
            _ => $"{names}: the tag is written out, so that a rollback would do nothing: {where}",
        };
        draft.Note(found, template is null
            ? $"add beside it: {wanted}; or let a rollback write that into a file of its own: --accept-override"
            : $"write there: {wanted}; or let a rollback write that into a file of its own: --accept-override");
    }

    // Whatever else follows the variable would be pinned to a tag, and a digest, that isn't its own.
    private static void Share(ProjectSurvey survey, AppChoice app, string? repository, string variable, ProposalDraft draft)
    {
        var names = app.All.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var service in survey.Services.Where(service => !names.Contains(service.Name) && !service.IsAsleep && service.Repository != repository))
        {
            if (service.ImageTemplate is not { } text || !ImageTemplate.Parse(text).Variables.Contains(variable, StringComparer.Ordinal))
                continue;
            var own = $"{new string([.. service.Name.ToUpperInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')])}_TAG";
            draft.Note($"{variable} chooses the image of {service.Name} too, which is another repository: {(service.ImageLine is { } line ? $"{line}: `{line.Text}`" : text)}",
                $"give it a variable of its own: image: {text.Replace(variable, own, StringComparison.Ordinal)}, and write {own}=… into {survey.EnvFile}; a rollback refuses until then");
        }
    }
}
