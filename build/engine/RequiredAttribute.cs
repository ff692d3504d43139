namespace Runback.Engine;

/// <summary>The parameter must have a value, whatever targets run.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class RequiredAttribute : Attribute;
