namespace Runback.Engine;

/// <summary>Declares a target: a build class has one property of this type per target, <c>Target Backup =&gt; _ =&gt; _.Executes(…)</c>.</summary>
/// <param name="definition">What the target is, added to by its calls.</param>
/// <returns>The same definition.</returns>
public delegate ITargetDefinition Target(ITargetDefinition definition);

/// <summary>Changes options and returns them.</summary>
/// <typeparam name="T">The type of the options.</typeparam>
/// <param name="options">What is there already.</param>
/// <returns>What shall be.</returns>
public delegate T Configure<T>(T options);
