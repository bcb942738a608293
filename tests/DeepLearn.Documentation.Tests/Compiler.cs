using System.Reflection;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeepLearn.Documentation.Tests;

/// <summary>Compiles a page's program as a project of a user does: with the SDK's namespaces and those that the package offers.</summary>
internal static class Compiler
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);

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
        var compilation = CSharpCompilation.Create($"Page{Guid.NewGuid():N}", [usings, tree], References.Value, Options);
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        if (!result.Success)
        {
            throw new InvalidDataException(string.Join('\n', result.Diagnostics
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(diagnostic => $"{diagnostic.Location.GetMappedLineSpan()}: {diagnostic.GetMessage()}")));
        }
        return Assembly.Load(image.ToArray()).EntryPoint!;
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

    private static string WithLine(MemberDeclarationSyntax member)
    {
        FileLinePositionSpan place = member.GetLocation().GetMappedLineSpan();
        return $"#line {place.StartLinePosition.Line + 1} \"{place.Path}\"\n{member}\n";
    }
}
