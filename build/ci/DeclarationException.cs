namespace Runback.Ci;

/// <summary>A declaration of CI jobs that can't be written down: what was expected, and what was found.</summary>
/// <param name="message">What was expected and found.</param>
public sealed class DeclarationException(string message) : Exception(message);
