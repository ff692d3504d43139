using System.Text;
using Runback.Engine.Sealing;

namespace Runback.Engine.Tests.Sealing;

/// <summary>A person who has decided beforehand what to type.</summary>
internal sealed class ScriptedTerminal(params string[] lines) : ITerminal
{
    private readonly Queue<string> lines = new(lines);

    public List<string> Questions { get; } = [];

    public byte[] Hidden(string question) => Encoding.UTF8.GetBytes(Line(question));

    public string Line(string question)
    {
        Questions.Add(question);
        return lines.Dequeue();
    }
}
