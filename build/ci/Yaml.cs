using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;

namespace Runback.Ci;

/// <summary>YAML of maps, sequences, texts, numbers and booleans, in one way only: blocks indented by two, in quotes what could be read as something else.</summary>
internal static class Yaml
{
    /// <summary>A document with a comment above it.</summary>
    /// <param name="comment">Lines of the comment.</param>
    /// <param name="content">The document.</param>
    public static string Document(IEnumerable<string> comment, YamlMap content)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, EmitterSettings.Default.WithIndentedSequences().WithNewLine("\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        foreach (var line in comment)
            emitter.Emit(new Comment(line, isInline: false));
        new SerializerBuilder()
            .DisableAliases()
            .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true)
            .WithEventEmitter(next => new TextStyle(next), where => where.After<TypeAssigningEventEmitter>())
            .BuildValueSerializer()
            .SerializeValue(emitter, content, typeof(YamlMap));
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }
}
