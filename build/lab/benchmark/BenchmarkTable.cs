using Runback.Runbook.Runs;
using Spectre.Console;

namespace Runback.Lab.Benchmark;

/// <summary>A benchmark's report as tables for people: what was measured, and which aims are met.</summary>
public static class BenchmarkTable
{
    private const int Width = 160;

    /// <summary>Writes the tables without colour.</summary>
    public static void Write(BenchmarkReport report, TextWriter writer)
    {
        var console = PlainConsole.On(writer, Width);
        var table = Table("size", "median (min-max)", "by hand", "Runback", "ratio");
        foreach (var size in report.Sizes)
        {
            var (hand, tool) = (size.ByHand, size.Runback);
            Row(table, $"{size.Megabytes} MB", "seconds", Text(hand.Seconds, "0.0"), Text(tool.Seconds, "0.0"), $"{size.TimeRatio:0.00}");
            Row(table, "", "outage, s", Text(hand.Outage, "0.00"), Text(tool.Outage, "0.00"), Quotient(tool.Outage, hand.Outage));
            Row(table, "", "failed probes", Text(hand.FailedProbes, "0"), Text(tool.FailedProbes, "0"), Quotient(tool.FailedProbes, hand.FailedProbes));
            Row(table, "", "dump, MB/s", Text(hand.DumpRate, "0"), Text(tool.DumpRate, "0"), $"{size.DumpRatio:0.0}");
            Row(table, "", "verify, MB/s", Text(hand.VerifyRate, "0") + " (checksum)", Text(tool.VerifyRate, "0") + " (checksum, decode)", $"{size.VerifyRatio:0.0}");
            Row(table, "", "memory, MB", Text(InMegabytes(hand.Peak), "0") + " (a shell)", Text(InMegabytes(tool.Peak), "0"), "");
            Row(table, "", "pairs", $"{size.Pairs.Count - size.Failed} of {size.Pairs.Count}", "", "");
        }
        console.Write(table);
        console.WriteLine($"start-up: --help {Text(report.StartUp.Help, "0.000")} s, a target that does nothing {Text(report.StartUp.Nothing, "0.000")} s");
        var aims = Table("aim", "measured", "");
        foreach (var aim in report.Aims)
            Row(aims, aim.Name, aim.Measured, aim.Met switch { true => "met", false => "MISSED", null => "-" });
        console.Write(aims);
    }

    private static Table Table(params string[] headings)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var heading in headings)
            table.AddColumn(new TableColumn(new Text(heading)).NoWrap());
        return table;
    }

    private static void Row(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    private static string Text(Spread? spread, string format) => spread is null ? "-"
        : $"{spread.Median.ToString(format)} ({spread.Lowest.ToString(format)}-{spread.Highest.ToString(format)})";

    private static string Quotient(Spread? left, Spread? right) => left is null || right is not { Median: > 0 } ? "" : $"{left.Median / right.Median:0.00}";

    private static Spread? InMegabytes(Spread? bytes) => bytes is null ? null : new Spread(bytes.Median / 1e6, bytes.Lowest / 1e6, bytes.Highest / 1e6);
}
