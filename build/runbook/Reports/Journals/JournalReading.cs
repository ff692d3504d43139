using System.Text;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Reports.Journals;

/// <summary>A journal as far as it can be read.</summary>
/// <param name="Entries">Its lines that could be read, in their order.</param>
/// <param name="Remarks">What couldn't be read, as sentences for people.</param>
public sealed record JournalReading(IReadOnlyList<JournalEntry> Entries, IReadOnlyList<string> Remarks)
{
    // A run writes some hundred lines. What is far beyond that is a fault, and must not take the report with it.
    private const int MostLines = 50_000;
    private const int LongestLine = 1 << 20;

    /// <summary>Reads a journal. One that is missing, torn, or of a newer version gives what it can, and says so in the remarks.</summary>
    public static JournalReading Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.UTF8);
            return Parse(reader);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new([], ["There is no journal, so commands and times are missing here."]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new([], [$"The journal can't be read: {exception.Message}"]);
        }
    }

    /// <summary>Reads a journal's text.</summary>
    public static JournalReading Parse(TextReader reader)
    {
        var entries = new List<JournalEntry>();
        var remarks = new List<string>();
        var (number, unreadable, last) = (0, 0, 0);
        while (number < MostLines && reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (line.Length <= LongestLine && JsonFacts.Parse(line) is { } facts && facts.Text("event") is { } name)
                entries.Add(new JournalEntry(facts.Time("at"), name, facts));
            else
                (unreadable, last) = (unreadable + 1, number);
        }
        var more = number == MostLines && reader.ReadLine() is not null;
        if (entries.Find(entry => entry.Event == "begin")?.Facts.Number("version") is { } version && version > Journal.Version)
            remarks.Add($"The journal is of version {version:0}, newer than this program's {Journal.Version}: what it can't read is missing here.");
        if (unreadable == 1 && last == number)
            remarks.Add("The journal's last line is torn: the run was ended while it wrote it.");
        else if (unreadable > 0)
            remarks.Add($"{Words.Count(unreadable, "line")} of the journal can't be read, the last of them line {last}.");
        if (more)
            remarks.Add($"The journal has more than {Words.Count(MostLines, "line")}: the rest is not shown here.");
        return new(entries, remarks);
    }
}
