using Runback.Engine.Output;
using Runback.Engine.Sealing;

namespace Runback.Engine.Running;

/// <summary>What a build is given by its process: arguments, environment, current directory, streams.</summary>
/// <param name="Arguments">Without the program's name.</param>
/// <param name="Variables">The names of all environment variables.</param>
/// <param name="IsTerminal">Whether standard output (or, beside a JSON document, standard error) is a terminal.</param>
internal sealed record ProcessHost(
    IReadOnlyList<string> Arguments,
    Func<string, string?> Environment,
    Func<IEnumerable<string>> Variables,
    string CurrentDirectory,
    TextWriter Output,
    TextWriter Error,
    Func<bool, bool> IsTerminal)
{
    /// <summary>The person at the terminal that the process reads from; null where there is none.</summary>
    public ITerminal? Terminal { get; init; }

    /// <summary>How many columns the text has that is printed for people.</summary>
    public Func<int> Width { get; init; } = () => 100;

    /// <summary>Whether standard output (or, beside a JSON document, standard error) lands in a file.</summary>
    public Func<bool, bool> IsKept { get; init; } = _ => false;

    /// <summary>All of standard input.</summary>
    public Func<byte[]> Input { get; init; } = () => [];

    /// <summary>Takes a variable out of the environment that child processes get.</summary>
    public Action<string> Forget { get; init; } = _ => { };

    /// <summary>The real one.</summary>
    public static ProcessHost Current() => new(
        System.Environment.GetCommandLineArgs()[1..],
        System.Environment.GetEnvironmentVariable,
        () => System.Environment.GetEnvironmentVariables().Keys.Cast<string>(),
        Directory.GetCurrentDirectory(),
        Utf8(StandardStream.Output()),
        Utf8(StandardStream.Error()),
        json => json ? !Console.IsErrorRedirected : !Console.IsOutputRedirected)
    {
        Width = ReadWidth,
        Terminal = UnixTerminal.Find(),
        IsKept = json => StreamTarget.IsFile(json ? 2 : 1),
        Input = ReadInput,
        Forget = name => System.Environment.SetEnvironmentVariable(name, null),
    };

    private static int ReadWidth()
    {
        const int Piped = 100;
        try
        {
            return Console.IsOutputRedirected || Console.WindowWidth < 40 ? Piped : Math.Min(Console.WindowWidth, 140);
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException)
        {
            return Piped;
        }
    }

    private static byte[] ReadInput()
    {
        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        var result = bytes.ToArray();
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes.GetBuffer());
        return result;
    }

    private static StreamWriter Utf8(Stream stream) => new(stream, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1024) { AutoFlush = false };
}
