using System.Text.Json.Nodes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Profiles;

/// <summary>A proposal as lines for people, and as a document.</summary>
public static class ProposalText
{
    private const int WidestValue = 44;

    /// <summary>The lines: what is proposed, what is open, what is in the way.</summary>
    public static IEnumerable<string> Lines(ProfileProposal proposal)
    {
        var values = proposal.Values.Select(value => (value.Key, Text: Shown(value.Value), value.Source, value.Why)).ToList();
        var width = Math.Min(WidestValue, values.Select(value => value.Text.Length).DefaultIfEmpty().Max());
        foreach (var (key, text, source, why) in values)
            yield return Line($"  {key,-19} {text.PadRight(width)}  {Word(source),-8}  {why}");
        yield return "";
        if (Names(proposal.Values.Where(value => value.Source == ProposalSource.Guessed).Select(value => value.Key)) is { } guessed)
            yield return $"? guessed, so see that it is right: {guessed}";
        foreach (var open in proposal.Open.Where(open => open.IsNeeded))
            yield return Line($"! {open.Key} isn't told by anything: {open.Question}");
        if (Names(proposal.Open.Where(open => !open.IsNeeded).Select(open => open.Key)) is { } left)
            yield return $"? left out, since nothing tells: {left}";
        foreach (var note in proposal.Notes)
        {
            yield return Line($"! {note.Text}");
            yield return Line($"  hint: {note.Hint}");
        }
    }

    /// <summary>The document that <c>Init --json</c> prints.</summary>
    /// <param name="proposal">The proposal.</param>
    /// <param name="file">The profile's file.</param>
    /// <param name="differences">How it differs from what is there.</param>
    /// <param name="written">Whether it was written.</param>
    public static string Json(ProfileProposal proposal, string file, IReadOnlyList<string> differences, bool written) => new JsonObject
    {
        ["profile"] = proposal.Name,
        ["file"] = file,
        ["written"] = written,
        ["values"] = new JsonArray([.. proposal.Values.Select(value => (JsonNode)new JsonObject
        {
            ["key"] = value.Key, ["value"] = value.Value.DeepClone(), ["source"] = Word(value.Source), ["why"] = value.Why,
        })]),
        ["open"] = new JsonArray([.. proposal.Open.Select(open => (JsonNode)new JsonObject { ["key"] = open.Key, ["question"] = open.Question, ["needed"] = open.IsNeeded })]),
        ["notes"] = new JsonArray([.. proposal.Notes.Select(note => (JsonNode)new JsonObject { ["found"] = note.Text, ["hint"] = note.Hint })]),
        ["differences"] = new JsonArray([.. differences.Select(line => (JsonNode)line)]),
    }.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string? Names(IEnumerable<string> keys) => string.Join(", ", keys) is { Length: > 0 } names ? names : null;

    private static string Shown(JsonNode value) => value is JsonArray list ? list.Count == 0 ? "none" : string.Join(list.Any(one => $"{one}".Contains(' ', StringComparison.Ordinal)) ? "; " : ", ", list.Select(one => $"{one}")) : $"{value}";

    private static string Word(ProposalSource source) => source.ToString().ToLowerInvariant();

    private static string Line(string text) => Narration.Printable(text).ReplaceLineEndings(" ").TrimEnd();
}
