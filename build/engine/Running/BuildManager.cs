using System.Linq.Expressions;

namespace Runback.Engine.Running;

/// <summary>The way in.</summary>
internal static class BuildManager
{
    /// <summary>Runs a build in this process.</summary>
    /// <returns>The exit code.</returns>
    public static int Execute<T>(IReadOnlyList<Expression<Func<T, Target>>> defaults)
        where T : NukeBuild, new() => Execute(ProcessHost.Current(), () => new T(), defaults);

    /// <summary>Runs a build with a given host.</summary>
    /// <returns>The exit code.</returns>
    public static int Execute<T>(ProcessHost host, Func<T> create, IReadOnlyList<Expression<Func<T, Target>>> defaults)
        where T : NukeBuild => new BuildSession<T>(host, create, defaults).Run();
}
