namespace Runback.Lab.Tests.Faults;

/// <summary>What a process takes for the time of day, by Debian's libfaketime; its children see it too, containers don't.</summary>
internal sealed class Clock : IAsyncDisposable
{
    public Clock(string offset)
    {
        File = Path.GetTempFileName();
        Set(offset);
    }

    /// <summary>The file that says by how many seconds it is off.</summary>
    public string File { get; }

    /// <summary>Where the library is.</summary>
    public static string Library() =>
        Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(System.IO.File.Exists)
        ?? throw new FileNotFoundException("expected libfaketime, found none: apt-get install libfaketime, or ./build.sh Test --provision");

    /// <summary>Sets it, a number of seconds with its sign.</summary>
    public void Set(string offset) => System.IO.File.WriteAllText(File, offset + "\n");

    public ValueTask DisposeAsync()
    {
        System.IO.File.Delete(File);
        return ValueTask.CompletedTask;
    }
}
