namespace Runback.Ci;

/// <summary>
/// A job as a workflow of GitHub Actions (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax). What a person types reaches
/// the command through its environment: an expression inside a <c>run</c> block would be pasted into the shell's program.
/// </summary>
internal static class GitHubWorkflow
{
    // Actions by commit, since a tag can be moved; the comment is for people and for update bots.
    private static readonly Verbatim Checkout = new("actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8", "v5.0.0");
    private static readonly Verbatim Upload = new("actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f", "v6.0.0");

    // YAML 1.1 has it for a boolean, GitHub doesn't and everybody knows it without quotes.
    private static readonly Verbatim On = new("on");

    /// <summary>Where a job's file is.</summary>
    public static string PathOf(Job job) => $".github/workflows/{job.Name}.yml";

    /// <summary>The file's content.</summary>
    public static string Of(Job job) => Yaml.Document([GeneratedFiles.Note, job.Description], new YamlMap(
        ("name", job.Name),
        ("run-name", job.IsManual && job.Inputs.Count > 0 ? RunName(job) : null),
        (On, Triggers(job)),
        ("permissions", new YamlMap(("contents", "read"))),
        ("concurrency", Concurrency(job)),
        ("jobs", new YamlMap((job.Name, Body(job))))));

    private static string RunName(Job job) =>
        $"{job.Name} " + string.Join(' ', job.Inputs
            .Where(input => input.IsRequired || input.Options.Count > 0)
            .Select(input => $"{input.Kebab}=${{{{ inputs.{input.Kebab} }}}}"));

    private static YamlMap Triggers(Job job) => new(
        ("workflow_dispatch", !job.IsManual ? null : new YamlMap(
            ("inputs", job.Inputs.Count == 0 ? null : new YamlMap(job.Inputs.Select(input => ((object)input.Kebab, (object?)Asked(input))))))),
        ("schedule", job.Schedule is null ? null : new[] { new YamlMap(("cron", job.Schedule.Text)) }),
        ("push", !job.OnChange ? null : new YamlMap(("branches", new[] { "main" }))),
        ("pull_request", !job.OnChange ? null : new YamlMap()));

    private static YamlMap Asked(Input input) => new(
        ("description", input.Description),
        ("type", input.IsFlag ? "boolean" : input.Options.Count > 0 ? "choice" : "string"),
        ("required", input.IsRequired),
        ("options", input.Options.Count > 0 ? input.Options : null),
        ("default", input.IsFlag ? input.Default == "true" : input.Default.Length > 0 ? input.Default : null));

    // A group that cancels would stop a rollback halfway. That no two runs meet on one deployment is the lock's business, not this one's.
    private static YamlMap? Concurrency(Job job) => job.Group is { } group
        ? new YamlMap(("group", group), ("cancel-in-progress", false))
        : job.OnChange ? new YamlMap(("group", $"{job.Name}-${{{{ github.ref }}}}"), ("cancel-in-progress", true)) : null;

    private static YamlMap Body(Job job) => new(
        ("runs-on", job.RunsOn is [var only] ? only : job.RunsOn),
        // Whoever may push to a branch of their own must not be able to run its code on production.
        ("if", job.Protection is null ? null : "github.ref_protected"),
        ("timeout-minutes", job.Minutes),
        ("environment", job.Protection is { } protection ? Environment(job, protection) : null),
        ("steps", (object[])[
            new YamlMap(("uses", Checkout), ("with", new YamlMap(("persist-credentials", false)))),
            new YamlMap(
                ("name", job.Name),
                ("id", job.Name),
                ("env", job.Inputs.Count + job.Secrets.Count == 0 ? null : new YamlMap([
                    .. job.Inputs.Select(input => ((object)input.Variable, (object?)$"${{{{ inputs.{input.Kebab} }}}}")),
                    .. Allowed(job) is { } allowed ? [allowed] : (IEnumerable<(object, object?)>)[],
                    .. job.Secrets.Select(secret => ((object)Input.VariableOf(secret), (object?)$"${{{{ secrets.{Input.VariableOf(secret)} }}}}")),
                ])),
                ("run", job.Line)),
            .. !job.IsRun ? [] : (object[])[new YamlMap(
                ("name", "Keep what the run wrote"),
                ("if", $"always() && steps.{job.Name}.outputs.folder != ''"),
                ("uses", Upload),
                ("with", Kept(job, "run", $"${{{{ steps.{job.Name}.outputs.folder }}}}")))],
            .. job.Artifacts.Count == 0 ? [] : (object[])[new YamlMap(
                ("name", "Keep the files"),
                ("if", "always()"),
                ("uses", Upload),
                ("with", Kept(job, "files", string.Join('\n', job.Artifacts))))],
        ]));

    private static YamlMap Kept(Job job, string what, string path) => new(
        ("name", $"{job.Name}-{what}-${{{{ github.run_id }}}}-${{{{ github.run_attempt }}}}"),
        ("path", path),
        // The run's folder is below .runback.
        ("include-hidden-files", true),
        ("if-no-files-found", "ignore"),
        ("retention-days", job.Days));

    // GitHub compares texts without regard to case. What isn't surely one of the open values is for the guarded environment.
    private static string Environment(Job job, Protection protection) =>
        $"${{{{ ({string.Join(" || ", protection.Open(job).Select(value => $"inputs.{new Input(protection.Input, "").Kebab} == '{value}'"))}) && '{protection.Usual}' || '{protection.Guarded}' }}}}";

    // The build's own allow-list, for the same reason: it compares what a text stands for.
    private static (object Key, object? Value)? Allowed(Job job) => job.Protection is not { AllowList: { } list } protection ? null
        : (Input.VariableOf(list), $"${{{{ ({string.Join(" || ", protection.Open(job).Select(value => $"inputs.{new Input(protection.Input, "").Kebab} == '{value}'"))}) && '{string.Join(',', protection.Open(job))}' || '' }}}}");
}
