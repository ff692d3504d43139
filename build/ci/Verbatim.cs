using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Runback.Ci;

/// <summary>A text that is written without quotes whatever a reader may take it for.</summary>
/// <param name="Text">The text.</param>
/// <param name="Comment">A comment after it, or null.</param>
internal sealed record Verbatim(string Text, string? Comment = null) : IYamlConvertible
{
    /// <inheritdoc/>
    public void Read(IParser parser, Type expectedType, ObjectDeserializer nestedObjectDeserializer) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Write(IEmitter emitter, ObjectSerializer nestedObjectSerializer)
    {
        emitter.Emit(new Scalar(Text));
        if (Comment is not null)
            emitter.Emit(new Comment(Comment, isInline: true));
    }
}
