using System.Reflection;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeepLearn.Documentation.Tests;

/// <summary>Compiles programs as a project of a user does: with the SDK's namespaces and those that the package offers.</summary>
internal static class Compiler
{
    internal static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);

    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release,
        generalDiagnosticOption: ReportDiagnostic.Error);

    private static readonly Lazy<SyntaxTree> Usings = new(() => UsingsOf([]));

    private static readonly Lazy<SyntaxTree> UsingsOfServer = new(() => UsingsOf(
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ]));

    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !path.EndsWith("DeepLearn.Documentation.Tests.dll", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    /// <summary>Compiles a program.</summary>
    /// <returns>Its entry.</returns>
    /// <exception cref="InvalidDataException">It does not compile; each error has its page and line.</exception>
    public static MethodInfo Compile(PageProgram program)
    {
        SyntaxTree tree = TypesLast(program.Source);
        SyntaxTree usings = (program.IsServer ? UsingsOfServer : Usings).Value;
        (Assembly? assembly, IReadOnlyList<Diagnostic> errors) = Emit([usings, tree], Options);
        return assembly is null ? throw new InvalidDataException(string.Join('\n', errors.Select(TextOf))) : assembly.EntryPoint!;
    }

    /// <summary>Compiles sources without an entry, all into one assembly.</summary>
    /// <param name="sources">The sources, each with its own using lines.</param>
    /// <returns>The assembly, null where there are errors.</returns>
    public static (Assembly? Assembly, IReadOnlyList<Diagnostic> Errors) CompileTogether(IEnumerable<string> sources) =>
        Emit(
            [Usings.Value, .. sources.Select(source => CSharpSyntaxTree.ParseText(source, Language))],
            Options.WithOutputKind(OutputKind.DynamicallyLinkedLibrary));

    /// <summary>An error with its page or file, and its line there.</summary>
    public static string TextOf(Diagnostic error) => $"{error.Location.GetMappedLineSpan()}: {error.GetMessage()}";

    /// <summary>A type or a statement, whose errors have the line on which it stands.</summary>
    public static string WithLine(MemberDeclarationSyntax member)
    {
        FileLinePositionSpan place = member.GetLocation().GetMappedLineSpan();
        return $"#line {place.StartLinePosition.Line + 1} \"{place.Path}\"\n{member}\n";
    }

    private static (Assembly? Assembly, IReadOnlyList<Diagnostic> Errors) Emit(SyntaxTree[] trees, CSharpCompilationOptions options)
    {
        var compilation = CSharpCompilation.Create($"Page{Guid.NewGuid():N}", trees, References.Value, options);
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        return result.Success
            ? (Assembly.Load(image.ToArray()), [])
            : (null, [.. result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)]);
    }

    private static SyntaxTree UsingsOf(string[] ofWebSdk)
    {
        string[] ofSdk =
        [
            "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
            "System.Threading.Tasks",
        ];
        string targets = Path.Combine(Repository.Root, "src", "DeepLearn.Core", "DeepLearn.Core.targets");
        IEnumerable<string> ofPackage = XDocument.Load(targets).Descendants("Using").Select(item => item.Attribute("Include")!.Value);
        IEnumerable<string> all = ofSdk.Concat(ofWebSdk).Concat(ofPackage);
        return CSharpSyntaxTree.ParseText(string.Concat(all.Select(name => $"global using {name};\n")), Language);
    }

    // A page declares a type where it speaks of it; a program has its types after its statements. Messages keep the page's lines.
    private static SyntaxTree TypesLast(string source)
    {
        var root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(source, Language).GetRoot();
        string[] types = [.. root.Members.Where(member => member is not GlobalStatementSyntax).Select(WithLine)];
        string[] statements = [.. root.Members.OfType<GlobalStatementSyntax>().Select(WithLine)];
        string usings = string.Concat(root.Usings.Select(directive => directive.ToFullString()));
        return CSharpSyntaxTree.ParseText(usings + string.Concat(statements) + string.Concat(types), Language);
    }
}
