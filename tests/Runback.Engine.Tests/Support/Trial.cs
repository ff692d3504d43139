using System.Linq.Expressions;
using Runback.Engine.Running;
using Runback.Engine.Sealing;

namespace Runback.Engine.Tests.Support;

/// <summary>Runs a build in this process, in a root of its own.</summary>
internal sealed class Trial : IDisposable
{
    public Trial()
    {
        Root = Directory.CreateTempSubdirectory("engine-trial").FullName;
        Directory.CreateDirectory(Path.Combine(Root, ".nuke"));
    }

    public string Root { get; }

    public Dictionary<string, string> Environment { get; } = [];

    public string CurrentDirectory { get; set; } = Path.GetTempPath();

    /// <summary>Who sits at the terminal; null where there is none.</summary>
    public ITerminal? Terminal { get; set; }

    /// <summary>Whether the streams land in files.</summary>
    public bool IsKept { get; set; }

    /// <summary>Standard input.</summary>
    public string Input { get; set; } = "";

    /// <summary>The variables that programs started by the build don't get.</summary>
    public List<string> Forgotten { get; } = [];

    public Trial With(string variable, string value)
    {
        Environment[variable] = value;
        return this;
    }

    public Trial WithFile(string name, string json)
    {
        File.WriteAllText(Path.Combine(Root, ".nuke", name), json);
        return this;
    }

    public Result Run<T>(T build, Expression<Func<T, Target>> start, params string[] arguments)
        where T : NukeBuild
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = new ProcessHost(
            [.. arguments, .. arguments is [":complete", ..] ? Array.Empty<string>() : ["--root", Root]],
            x => Environment.GetValueOrDefault(x), () => Environment.Keys, CurrentDirectory, output, error, _ => false)
        {
            Terminal = Terminal,
            IsKept = _ => IsKept,
            Input = () => System.Text.Encoding.UTF8.GetBytes(Input),
            Forget = x => Forgotten.Add(x),
        };
        var code = BuildManager.Execute(host, () => build, [start]);
        return new Result(code, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    internal sealed record Result(int Code, string Output, string Error)
    {
        public string All => Output + Error;
    }
}
