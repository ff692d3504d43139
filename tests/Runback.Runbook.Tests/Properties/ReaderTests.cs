using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Properties;

/// <summary>Whatever is read: there is a value, or a refusal that says what to do; never another exception, and never an endless wait.</summary>
public sealed class ReaderTests
{
    // A reader that looks at everything once takes some tens of milliseconds for it; one with a loop too many, minutes.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);
    public static TheoryData<string> Names => [.. Readers.All.Select(reader => reader.Name)];

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Names))]
    public Task Any_text_is_read_or_refused(string name) => Task.Run(
        () =>
        {
            var reader = Of(name);
            foreach (var sample in reader.Samples)
                reader.Read(sample);
            foreach (var odd in reader.Odd)
                Try(reader, odd);
            Prop.ForAll(Hostile.Text.ToArbitrary(), text => Try(reader, text)).Check(Seeded.Config.WithMaxTest(60));
            if (reader.Samples[0][0] is '{' or '[')
                Prop.ForAll(Hostile.Json.ToArbitrary(), text => Try(reader, text)).Check(Seeded.Config.WithMaxTest(100));
            foreach (var sample in reader.Samples)
                Prop.ForAll(Hostile.Mutated(sample).ToArbitrary(), text => Try(reader, text)).Check(Seeded.Config.WithMaxTest(120 / reader.Samples.Length));
        },
        TestContext.Current.CancellationToken);

    [Theory(Timeout = 480_000)]
    [MemberData(nameof(Names))]
    public async Task Half_a_megabyte_takes_no_longer_than_it_takes_to_look_at_it(string name)
    {
        var reader = Of(name);
        foreach (var text in Hostile.Megabytes(reader.Hard).Concat(reader.Samples.SelectMany(sample => (string[])[sample + new string('a', 1 << 18), Long(sample)])))
        {
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            var reading = Task.Run(() => Try(reader, text), TestContext.Current.CancellationToken);
            Assert.True(await Task.WhenAny(reading, Task.Delay(Limit, TestContext.Current.CancellationToken)) == reading, $"{name} still reads a text that begins with {Narration.Printable(text[..Math.Min(40, text.Length)])} after {System.Diagnostics.Stopwatch.GetElapsedTime(began)}");
            await reading;
        }
    }

    // The sample with one letter in its middle become a quarter of a million.
    private static string Long(string sample) => sample.LastIndexOf('a', sample.Length / 2) is var at and >= 0 ? sample.Insert(at, new string('a', 1 << 18)) : sample;

    private static Reader Of(string name) => Readers.All.Single(reader => reader.Name == name);

    private static void Try(Reader reader, string text)
    {
        try
        {
            // As it arrives from a file, a pipe or a socket.
            reader.Read(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
        }
        catch (RunbookException refusal)
        {
            Assert.False(string.IsNullOrWhiteSpace(refusal.Message));
            Assert.True(reader.Name == "complaint" || !string.IsNullOrWhiteSpace(refusal.Hint), $"a refusal without a hint: {refusal.Message}");
        }
        catch (Exception refusal) when (reader.Refusal?.IsInstanceOfType(refusal) == true)
        {
            Assert.False(string.IsNullOrWhiteSpace(refusal.Message));
        }
    }
}
