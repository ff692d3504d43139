namespace Runback.Runbook.Deployments;

/// <summary>Labels by which Compose's containers are found, and those that this tool puts on its own.</summary>
public static class Labels
{
    /// <summary>Compose's label for the project.</summary>
    public const string Project = "com.docker.compose.project";

    /// <summary>Compose's label for the service.</summary>
    public const string Service = "com.docker.compose.service";

    /// <summary>Compose's label for containers of <c>docker compose run</c>.</summary>
    public const string OneOff = "com.docker.compose.oneoff";

    /// <summary>Compose's label for the folder of the project.</summary>
    public const string WorkingDirectory = "com.docker.compose.project.working_dir";

    /// <summary>Compose's label for the compose files, with commas between them.</summary>
    public const string ComposeFiles = "com.docker.compose.project.config_files";

    /// <summary>Compose's label for the env files that were named, with commas between them.</summary>
    public const string EnvFiles = "com.docker.compose.project.environment_file";

    /// <summary>On throw-away containers and networks of this tool: the run, or what they are for.</summary>
    public const string Scratch = "dev.runback.scratch";

    /// <summary>On throw-away containers and networks of this tool: the deployment that they work for.</summary>
    public const string Deployment = "dev.runback.deployment";

    /// <summary>On everything of a drill's copy: the Compose project that it is a copy of.</summary>
    public const string Drill = "dev.runback.drill";

    /// <summary>On a container that keeps a release's image from pruning: the release's tag.</summary>
    public const string Keeps = "dev.runback.keeps";

    /// <summary>On the container that holds a deployment: the holder, as JSON.</summary>
    public const string Holder = "dev.runback.holder";
}
