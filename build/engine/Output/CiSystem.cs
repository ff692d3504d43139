namespace Runback.Engine.Output;

/// <summary>The CI system that runs this.</summary>
internal enum CiSystem
{
    /// <summary>A person's machine.</summary>
    None,

    /// <summary>https://docs.github.com/actions/reference/workflow-commands-for-github-actions</summary>
    GitHubActions,

    /// <summary>https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections</summary>
    GitLab,

    /// <summary>One that gets plain output.</summary>
    Other,
}
