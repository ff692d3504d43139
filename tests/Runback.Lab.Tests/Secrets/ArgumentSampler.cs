using System.Text;

namespace Runback.Lab.Tests.PlantedSecrets;

/// <summary>Reads the arguments of every process of this machine, those in containers too, every ten milliseconds.</summary>
internal sealed class ArgumentSampler : IDisposable
{
    private readonly HashSet<string> _seen = [];
    private readonly Thread _thread;
    private volatile bool _ending;

    public ArgumentSampler()
    {
        _thread = new Thread(Sample) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>How often it looked.</summary>
    public int Rounds { get; private set; }

    /// <summary>All that was seen, a process in a line.</summary>
    public string Text
    {
        get
        {
            lock (_seen)
                return string.Join('\n', _seen);
        }
    }

    public void Dispose()
    {
        _ending = true;
        _thread.Join();
    }

    private void Sample()
    {
        // The arguments of a process stay the same but for an exec: those of the last two rounds' processes are read again, older ones at times.
        var known = new Dictionary<string, int>();
        for (; !_ending; Rounds++, Thread.Sleep(10))
        {
            foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
            {
                known.TryAdd(folder, Rounds);
                if (Rounds - known[folder] > 3 && Rounds % 50 != 0)
                    continue;
                try
                {
                    var arguments = Encoding.UTF8.GetString(File.ReadAllBytes($"{folder}/cmdline")).Replace('\0', ' ');
                    lock (_seen)
                        _seen.Add(arguments);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // It has ended.
                    known.Remove(folder);
                }
            }
        }
    }
}
