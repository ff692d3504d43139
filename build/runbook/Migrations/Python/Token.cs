namespace Runback.Runbook.Migrations.Python;

/// <summary>One token of a Python file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The name, number or operator; empty for the other kinds.</param>
/// <param name="Line">The line it starts on, from 1.</param>
/// <param name="Start">The offset of its first character.</param>
/// <param name="End">The offset after its last character.</param>
public sealed record Token(TokenKind Kind, string Text, int Line, int Start, int End);
