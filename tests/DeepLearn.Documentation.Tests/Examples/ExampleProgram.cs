using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeepLearn.Documentation.Tests.Examples;

/// <summary>
/// An example as a method that can be called: what it takes as given, then its statements. The types that it declares are there for all
/// examples, so that the one of a contract suite can check what the one of the abstraction declares.
/// </summary>
internal sealed class ExampleProgram
{
    public const string Method = "Run";

    public ExampleProgram(Example example, int number)
    {
        Example = example;
        Class = $"Example{number}";
        var root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(
            $"#line {example.Line} \"{example.Path}\"\n{example.Code}", Compiler.Language).GetRoot();
        GlobalStatementSyntax[] statements = [.. root.Members.OfType<GlobalStatementSyntax>()];
        bool waits = statements.Any(statement => statement.DescendantTokens().Any(token => token.IsKind(SyntaxKind.AwaitKeyword)));
        var source = new StringBuilder();
        source.Append("using ").Append(example.Namespace).AppendLine(";");
        foreach (UsingDirectiveSyntax directive in root.Usings)
            source.AppendLine(directive.ToString());
        source.AppendLine($"public static class {Class} {{ public static {(waits ? "async Task" : "void")} {Method}() {{")
            .Append(Givens.For(statements))
            .AppendJoin("", statements.Select(Compiler.WithLine)).AppendLine("} }")
            .AppendJoin("", root.Members.Where(member => member is not GlobalStatementSyntax).Select(Compiler.WithLine));
        // What the parser cannot read is left as it is, so that the compiler says what is wrong with it.
        Source = root.ContainsDiagnostics ? $"#line {example.Line} \"{example.Path}\"\n{example.Code}" : source.ToString();
    }

    public Example Example { get; }

    public string Class { get; }

    public string Source { get; }
}
