namespace Runback.Runbook.Migrations.Python;

/// <summary>A part of a string literal: plain text, or one replacement field of an f-string.</summary>
/// <param name="Text">The text, escapes resolved; null for a replacement field.</param>
/// <param name="Start">The offset of the field's expression.</param>
/// <param name="End">The offset after it.</param>
/// <param name="Line">The line of the field's expression, from 1.</param>
/// <param name="Conversion">The letter after <c>!</c>, or null.</param>
/// <param name="Spec">The parts of the format specification after <c>:</c>, or null.</param>
internal sealed record StringPiece(string? Text, int Start = 0, int End = 0, int Line = 0, char? Conversion = null, List<StringPiece>? Spec = null);
