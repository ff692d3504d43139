namespace Runback.Engine;

/// <summary>
/// The value of this field or property never appears in any output; it is shown as <c>***</c>. Works on parameters, and on members that a
/// target sets while it runs.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class SecretAttribute : Attribute;
