namespace Runback.Ci;

/// <summary>
/// All jobs as one pipeline of GitLab CI (https://docs.gitlab.com/ci/yaml/). What a person types is a variable that GitLab doesn't expand, and
/// reaches the command through its environment.
/// </summary>
internal static class GitLabPipeline
{
    /// <summary>Where the file is.</summary>
    public const string Path = ".gitlab-ci.yml";

    /// <summary>The folder into which a run's files are copied, since artifacts must lie in the checkout.</summary>
    public const string RunFolder = "runback-run";

    /// <summary>The variables that later jobs can read.</summary>
    public const string Dotenv = "runback.env";

    /// <summary>The file's content.</summary>
    public static string Of(IReadOnlyList<Job> jobs) => Yaml.Document(
        [
            GeneratedFiles.Note,
            .. jobs.Where(job => job.Schedule is not null).Select(job => $"{job.Name}: make a pipeline schedule with the cron text `{job.Schedule}`, time zone UTC, and the variable {Switch(job)} = \"true\"."),
            .. jobs.Where(job => job.Secrets.Count > 0).Select(job => $"{job.Name}: set {string.Join(" and ", job.Secrets.Select(Input.VariableOf))}, protected and masked, where the deployment asks for them."),
        ],
        new YamlMap([
            ("stages", jobs.Select(job => job.Name).ToList()),
            ("variables", Variables(jobs)),
            .. jobs.SelectMany(Jobs),
        ]));

    private static YamlMap Variables(IReadOnlyList<Job> jobs) =>
        new(jobs.SelectMany(job => job.Inputs).DistinctBy(input => input.Variable).Select(input => ((object)input.Variable, (object?)Variable(input))));

    private static YamlMap Variable(Input input) => new(
        ("description", input.Description),
        ("value", input.IsFlag && input.Default.Length == 0 ? "false" : input.Default),
        ("options", input.IsFlag ? (string[])["false", "true"] : input.Options.Count > 0 ? input.Options : null),
        // Whoever types $NUKE_DATABASE_PASSWORD as a reason must not find it in the report.
        ("expand", input.IsFlag || input.Options.Count > 0 ? null : (object)false));

    // An environment's name can't be chosen by an expression here, so a guarded job stands beside the usual one; rules let one of them appear.
    private static IEnumerable<(object Key, object? Value)> Jobs(Job job)
    {
        if (job.Protection is not { } protection)
            return [(job.Name, Body(job, Rules(job, null), null, null))];
        // What isn't surely one of the open values, however it is spelled, is for the guarded job.
        var open = protection.Open(job);
        var (variable, pattern) = (Input.VariableOf(protection.Input), $"/^({string.Join('|', open)})$/i");
        // A manual job can be given variables when it is started, after its rules were read: what its own shell exports, none of them changes.
        var allowed = protection.AllowList is { } list ? $"export {Input.VariableOf(list)}={string.Join(',', open)}" : null;
        return
        [
            (job.Name, Body(job, Rules(job, $"$CI_COMMIT_REF_PROTECTED == \"true\" && ${variable} =~ {pattern}"), protection.Usual, allowed)),
            ($"{job.Name}:{protection.Guarded}", Body(job, Rules(job, $"$CI_COMMIT_REF_PROTECTED == \"true\" && ${variable} !~ {pattern}"), protection.Guarded, null)),
        ];
    }

    private static YamlMap Body(Job job, IReadOnlyList<object> rules, string? environment, string? before) => new(
        ("stage", job.Name),
        // No job waits for another, nor for a person who hasn't started one.
        ("needs", Array.Empty<object>()),
        ("tags", job.Tags),
        ("rules", rules),
        ("inherit", job.Inputs.Count > 0 ? null : new YamlMap(("variables", false))),
        ("environment", environment is null ? null : new YamlMap(("name", environment))),
        ("resource_group", job.Group),
        ("interruptible", job.Group is null),
        ("timeout", $"{job.Minutes} minutes"),
        ("before_script", before is null ? null : new[] { before }),
        ("script", new[] { job.Line }),
        ("artifacts", !job.IsRun && job.Artifacts.Count == 0 ? null : new YamlMap(
            ("when", "always"),
            // A public project's artifacts are everybody's otherwise, and logs are not for everybody.
            ("access", "developer"),
            ("expire_in", $"{job.Days} days"),
            ("paths", (string[])[.. job.IsRun ? [$"{RunFolder}/"] : (string[])[], .. job.Artifacts]),
            ("reports", job.IsRun ? new YamlMap(("dotenv", Dotenv)) : null))));

    private static IReadOnlyList<object> Rules(Job job, string? condition) =>
    [
        .. job.IsManual ? [Rule("$CI_PIPELINE_SOURCE == \"web\"" + (condition is null ? "" : $" && ({condition})"), "manual", canFail: job.Group is null)] : (object[])[],
        .. job.Schedule is null ? [] : (object[])[Rule($"$CI_PIPELINE_SOURCE == \"schedule\" && ${Switch(job)} == \"true\"", "on_success")],
        .. job.OnChange ? [Rule("$CI_PIPELINE_SOURCE == \"merge_request_event\" || ($CI_PIPELINE_SOURCE == \"push\" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH)", "on_success")] : (object[])[],
    ];

    private static YamlMap Rule(string condition, string when, bool canFail = false) =>
        new(("if", condition), ("when", when), ("allow_failure", canFail));

    private static string Switch(Job job) => $"RUN_{job.Name.ToUpperInvariant().Replace('-', '_')}";
}
