using System.Reflection;
using Microsoft.CodeAnalysis;
using Xunit;

namespace DeepLearn.Documentation.Tests.Examples;

/// <summary>Every example of the documentation in the sources compiles, runs in an empty folder, and prints what it says.</summary>
// One program at a time has the console and the current folder.
[Collection("programs")]
public class ExampleTests
{
    // Compiled, not run: it needs a database.
    private static readonly string[] NeedServers = ["DeepLearn.Search.PostgreSql.PostgreSqlTrialStore"];

    private static readonly ExampleProgram[] Programs =
        [.. Example.All.Select((example, number) => new ExampleProgram(example, number))];

    private static readonly Lazy<(Assembly? Assembly, IReadOnlyList<Diagnostic> Errors)> Compiled =
        new(() => Compiler.CompileTogether(Programs.Select(program => program.Source)));

    public static TheoryData<string> Names => [.. Example.All.Select(example => example.Name)];

    [Fact]
    public void Examples_compile()
    {
        IReadOnlyList<Diagnostic> errors = Compiled.Value.Errors;
        Assert.True(errors.Count == 0, string.Join('\n', errors.Select(Compiler.TextOf).Distinct()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Example_runs_and_prints_what_it_says(string name)
    {
        Assert.SkipWhen(Compiled.Value.Assembly is null, "Not all examples compile.");
        ExampleProgram program = Programs.Single(program => program.Example.Name == name);
        if (NeedServers.Contains(program.Example.TypeName))
            return;
        using var folder = new ProgramFolder();
        GivenFiles.WriteTo(folder.Path);
        MethodInfo entry = Compiled.Value.Assembly!.GetType(program.Class)!.GetMethod(ExampleProgram.Method)!;
        string output = await ProgramRun.Of(name, entry, folder);
        ProgramRun.RequireLines(name, program.Example.Printed, output);
    }

    [Fact]
    public void Every_example_in_the_sources_is_read()
    {
        int written = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Replace('\\', '/').Contains("/obj/", StringComparison.Ordinal))
            .Sum(path => File.ReadLines(path).Count(line => line.Contains("/// <example>", StringComparison.Ordinal)));
        Assert.Equal(written, Example.All.Count);
    }

    [Fact]
    public void Example_with_a_wrong_line_is_refused_with_its_file_and_line()
    {
        const string Source = """
            namespace DeepLearn.Layers;

            /// <summary>A layer.</summary>
            /// <example>
            /// <code>
            /// Model&lt;float&gt; model = network.Build&lt;float&gt;(3, seed: 1);
            /// model.Pedict();    // prints nothing
            /// </code>
            /// </example>
            public sealed record Ours;
            """;
        Example example = Assert.Single(Example.Of("src/Ours.cs", Source));
        Assert.Equal(("DeepLearn.Layers.Ours", true), (example.TypeName, example.IsOfType));
        Assert.Equal(["nothing"], example.Printed);
        (Assembly? assembly, IReadOnlyList<Diagnostic> errors) = Compiler.CompileTogether([new ExampleProgram(example, 0).Source]);
        Assert.Null(assembly);
        Assert.Contains("src/Ours.cs: (6,", Compiler.TextOf(Assert.Single(errors)), StringComparison.Ordinal);
    }
}
