using System.Net;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeepLearn.Documentation.Tests.Examples;

/// <summary>The code of an <c>example</c> in the documentation of a public type or of its member.</summary>
/// <param name="Path">The source file, from the root.</param>
/// <param name="Line">The line on which the code begins.</param>
/// <param name="Namespace">The namespace of the type.</param>
/// <param name="TypeName">The full name of the type, as <see cref="Type.FullName"/> has it.</param>
/// <param name="IsOfType">Whether it is the type's, not that of a member.</param>
/// <param name="Code">The code.</param>
internal sealed partial record Example(string Path, int Line, string Namespace, string TypeName, bool IsOfType, string Code)
{
    public string Name => $"{Path}, line {Line}";

    /// <summary>The lines that it says it prints: what stands behind the comments <c>// prints</c>.</summary>
    public IEnumerable<string> Printed => PrintsComment().Matches(Code).Select(match => match.Groups[1].Value);

    /// <summary>The examples of all packages, in the order of their files.</summary>
    public static IReadOnlyList<Example> All { get; } =
    [
        .. Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(path => System.IO.Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(path => Of(path, File.ReadAllText(System.IO.Path.Combine(Repository.Root, path)))),
    ];

    /// <summary>The examples of a file.</summary>
    /// <param name="path">The file, from the root.</param>
    /// <param name="source">What it holds.</param>
    public static IEnumerable<Example> Of(string path, string source)
    {
        if (!source.Contains("<example>", StringComparison.Ordinal))
            yield break;
        SyntaxTree tree = CSharpSyntaxTree.ParseText(source, Compiler.Language.WithDocumentationMode(DocumentationMode.Parse), path);
        foreach (MemberDeclarationSyntax member in tree.GetRoot().DescendantNodes().OfType<MemberDeclarationSyntax>())
        {
            IEnumerable<XmlElementSyntax> elements = member.GetLeadingTrivia()
                .Select(trivia => trivia.GetStructure()).OfType<DocumentationCommentTriviaSyntax>()
                .SelectMany(comment => comment.Content.OfType<XmlElementSyntax>());
            foreach (XmlElementSyntax example in elements.Where(element => NameOf(element) == "example"))
            {
                foreach (XmlElementSyntax code in example.Content.OfType<XmlElementSyntax>().Where(element => NameOf(element) == "code"))
                    yield return Of(path, member, code);
            }
        }
    }

    private static Example Of(string path, MemberDeclarationSyntax member, XmlElementSyntax code)
    {
        MemberDeclarationSyntax type = member.AncestorsAndSelf().OfType<MemberDeclarationSyntax>()
            .Last(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);
        string within = type.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Single().Name.ToString();
        (string name, int arity) = type switch
        {
            TypeDeclarationSyntax declared => (declared.Identifier.Text, declared.Arity),
            DelegateDeclarationSyntax declared => (declared.Identifier.Text, declared.Arity),
            BaseTypeDeclarationSyntax declared => (declared.Identifier.Text, 0),
            _ => throw new InvalidDataException($"{path}: an example that belongs to no type"),
        };
        string text = CommentMarks().Replace(code.Content.ToFullString(), "");
        int line = code.StartTag.GetLocation().GetLineSpan().EndLinePosition.Line + 1;
        return new(path, line, within, $"{within}.{name}{(arity == 0 ? "" : $"`{arity}")}", member == type, WebUtility.HtmlDecode(text));
    }

    private static string NameOf(XmlElementSyntax element) => element.StartTag.Name.ToString();

    [GeneratedRegex("// prints (.*)$", RegexOptions.Multiline)]
    private static partial Regex PrintsComment();

    [GeneratedRegex("^[ \t]*/// ?", RegexOptions.Multiline)]
    private static partial Regex CommentMarks();
}
