namespace Runback.Engine;

/// <content>What a build can override.</content>
public abstract partial class NukeBuild
{
    /// <summary>The build exists and its parameters have their values; not called for <c>--help</c>.</summary>
    protected internal virtual void OnBuildCreated()
    {
    }

    /// <summary>The plan is made and every requirement holds; called before the first target, not for <c>--plan</c>.</summary>
    protected internal virtual void OnBuildInitialized()
    {
    }

    /// <summary>The run has ended, well or not. Called last, after the summary: what is written here to <see cref="Console.Out"/> is the <c>--json</c> document.</summary>
    protected internal virtual void OnBuildFinished()
    {
    }

    /// <summary>A target is about to start.</summary>
    protected internal virtual void OnTargetRunning(string target)
    {
    }

    /// <summary>A target is left out.</summary>
    protected internal virtual void OnTargetSkipped(string target)
    {
    }

    /// <summary>A target has ended well.</summary>
    protected internal virtual void OnTargetSucceeded(string target)
    {
    }

    /// <summary>A target has failed.</summary>
    protected internal virtual void OnTargetFailed(string target)
    {
    }
}
