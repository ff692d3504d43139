namespace Runback.Runbook.Migrations.Python;

/// <summary>A statement of Python (Python Language Reference, chapters 7 and 8).</summary>
/// <param name="Line">The line it starts on, from 1.</param>
public abstract record Statement(int Line);

/// <summary>A parsed file.</summary>
public sealed record Module(IReadOnlyList<Statement> Body);

/// <summary>An expression for its effect.</summary>
public sealed record ExpressionStatement(Expression Value, int Line) : Statement(Line);

/// <summary><c>a = b = value</c>.</summary>
public sealed record Assignment(IReadOnlyList<Expression> Targets, Expression Value, int Line) : Statement(Line);

/// <summary><c>target: annotation = value</c>.</summary>
public sealed record AnnotatedAssignment(Expression Target, Expression Annotation, Expression? Value, int Line) : Statement(Line);

/// <summary><c>target op= value</c>; the operator without its <c>=</c>.</summary>
public sealed record AugmentedAssignment(Expression Target, string Operator, Expression Value, int Line) : Statement(Line);

/// <summary><c>return value</c>.</summary>
public sealed record ReturnStatement(Expression? Value, int Line) : Statement(Line);

/// <summary><c>raise exception from cause</c>.</summary>
public sealed record RaiseStatement(Expression? Exception, Expression? Cause, int Line) : Statement(Line);

/// <summary><c>assert test, message</c>.</summary>
public sealed record AssertStatement(Expression Test, Expression? Message, int Line) : Statement(Line);

/// <summary><c>pass</c>.</summary>
public sealed record PassStatement(int Line) : Statement(Line);

/// <summary><c>break</c>.</summary>
public sealed record BreakStatement(int Line) : Statement(Line);

/// <summary><c>continue</c>.</summary>
public sealed record ContinueStatement(int Line) : Statement(Line);

/// <summary><c>del targets</c>.</summary>
public sealed record DeleteStatement(IReadOnlyList<Expression> Targets, int Line) : Statement(Line);

/// <summary><c>global</c> or <c>nonlocal</c>.</summary>
public sealed record ScopeStatement(bool IsGlobal, IReadOnlyList<string> Names, int Line) : Statement(Line);

/// <summary><c>import a.b as c</c>.</summary>
public sealed record ImportStatement(IReadOnlyList<ImportedName> Names, int Line) : Statement(Line);

/// <summary><c>from module import a as b</c>; <paramref name="Level"/> counts the leading dots.</summary>
public sealed record FromImportStatement(string Module, int Level, IReadOnlyList<ImportedName> Names, int Line) : Statement(Line);

/// <summary>A name in an import, and what it is called here.</summary>
public sealed record ImportedName(string Name, string? Alias);

/// <summary><c>type name = value</c>.</summary>
public sealed record TypeAliasStatement(string Name, Expression Value, int Line) : Statement(Line);

/// <summary>A function definition.</summary>
public sealed record FunctionDefinition(
    string Name, IReadOnlyList<Parameter> Parameters, IReadOnlyList<Statement> Body, IReadOnlyList<Expression> Decorators, bool IsAsync, int Line)
    : Statement(Line);

/// <summary>A class definition.</summary>
public sealed record ClassDefinition(
    string Name, IReadOnlyList<Argument> Arguments, IReadOnlyList<Statement> Body, IReadOnlyList<Expression> Decorators, int Line)
    : Statement(Line);

/// <summary><c>if</c> with its <c>elif</c> branches, in order, and its <c>else</c>.</summary>
public sealed record IfStatement(IReadOnlyList<IfBranch> Branches, IReadOnlyList<Statement> Otherwise, int Line) : Statement(Line);

/// <summary>One test of an <c>if</c> and its block.</summary>
public sealed record IfBranch(Expression Test, IReadOnlyList<Statement> Body);

/// <summary><c>for target in source</c>.</summary>
public sealed record ForStatement(
    Expression Target, Expression Source, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Otherwise, bool IsAsync, int Line)
    : Statement(Line);

/// <summary><c>while test</c>.</summary>
public sealed record WhileStatement(Expression Test, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Otherwise, int Line) : Statement(Line);

/// <summary><c>with context as target, …</c>.</summary>
public sealed record WithStatement(IReadOnlyList<WithItem> Items, IReadOnlyList<Statement> Body, bool IsAsync, int Line) : Statement(Line);

/// <summary>One context manager of a <c>with</c>.</summary>
public sealed record WithItem(Expression Context, Expression? Target);

/// <summary><c>try</c> with its handlers, <c>else</c> and <c>finally</c>.</summary>
public sealed record TryStatement(
    IReadOnlyList<Statement> Body, IReadOnlyList<ExceptHandler> Handlers, IReadOnlyList<Statement> Otherwise, IReadOnlyList<Statement> Finally, int Line)
    : Statement(Line);

/// <summary>One <c>except</c> block.</summary>
public sealed record ExceptHandler(Expression? Type, string? Name, IReadOnlyList<Statement> Body, int Line);

/// <summary><c>match subject</c>; the patterns themselves are not read.</summary>
public sealed record MatchStatement(Expression Subject, IReadOnlyList<MatchCase> Cases, int Line) : Statement(Line);

/// <summary>One <c>case</c> block, with the names that its pattern binds (or only mentions).</summary>
public sealed record MatchCase(IReadOnlyList<string> Names, IReadOnlyList<Statement> Body, int Line);
