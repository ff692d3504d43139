using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;

namespace Runback.Ci;

/// <summary>Writes a text of several lines as a literal block, and quotes a text that one of the readers takes for something else.</summary>
internal sealed partial class TextStyle(IEventEmitter next) : ChainedEventEmitter(next)
{
    /// <inheritdoc/>
    public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
    {
        if (eventInfo.Source.Value is string text)
            eventInfo.Style = StyleOf(text, eventInfo.Style);
        base.Emit(eventInfo, emitter);
    }

    private static ScalarStyle StyleOf(string text, ScalarStyle suggested)
    {
        // The library writes tabs as they are, which a reader drops or refuses.
        if (text.Any(letter => char.IsControl(letter) && letter != '\n') || (text.Length > 0 && text.All(letter => letter == '\n')))
            return ScalarStyle.DoubleQuoted;
        if (text.Contains('\n'))
            return ScalarStyle.Literal;
        return suggested == ScalarStyle.DoubleQuoted || IsNoTextForAll().IsMatch(text) ? ScalarStyle.SingleQuoted : suggested;
    }

    // GitLab reads YAML 1.1 with Ruby's additions (dates, symbols, numbers with commas), GitHub YAML 1.2 (1e3).
    [GeneratedRegex(@"\A([-+]?\.?[0-9]\S*|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\s.*|:.*|<<|=)\z")]
    private static partial Regex IsNoTextForAll();
}
