namespace Runback.Engine.Sealing;

/// <summary>A person at a terminal.</summary>
internal interface ITerminal
{
    /// <summary>Asks for a line that is not shown while it is typed.</summary>
    /// <returns>Its bytes in UTF-8, for the caller to overwrite; empty when nothing was typed.</returns>
    byte[] Hidden(string question);

    /// <summary>Asks for a line.</summary>
    string Line(string question);
}
