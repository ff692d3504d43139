namespace Runback.Engine.Running;

/// <summary>The target whose code runs here: set for its thread and all tasks that it starts.</summary>
internal static class RunningTarget
{
    private static readonly AsyncLocal<ExecutableTarget?> Value = new();

    public static ExecutableTarget? Current
    {
        get => Value.Value;
        set => Value.Value = value;
    }
}
