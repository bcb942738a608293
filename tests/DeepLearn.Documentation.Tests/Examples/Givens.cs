using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeepLearn.Documentation.Tests.Examples;

/// <summary>
/// What an example may use without declaring it: the names of the page First network, and of the guide to searches. Every name that is used
/// is declared before the example, at a size that takes no time.
/// </summary>
internal static class Givens
{
    private const string Source = """
        DatasetCollection images = SyntheticImages.Create(seed: 1, trainingCount: 300, testCount: 100);
        Dataset training = images.Training;
        Dataset test = images.Test;
        var network = new Sequential(new Dense(8), new Relu(), new Dense(10));
        Model<float> model = network.Build<float>(training.ExampleShape, seed: 1);
        var plan = new TrainingPlan
        {
            Schedule = 0.05,
            Length = TrainingLength.Epochs(2),
            Normalization = Normalization.PerFeature(training),
        };
        using var workers = new WorkerPool(2);
        using var trainer = new Trainer<float>(model, plan, training, test, workers);
        TrainingResult result = trainer.Run();
        var space = new SearchSpace(new LogUniformDimension("lambda", 1e-5, 1e-1), new IntegerDimension("units", 10, 40));
        TrialObjective objective = (trial, context, cancellation) => new(1 - Math.Abs(Math.Log10(trial.Value("lambda")) + 3));
        var search = new SingleStageSearch(space, trials: 8) { Seed = 1 };
        """;

    private static readonly (string Name, GlobalStatementSyntax Statement)[] All =
    [
        .. CSharpSyntaxTree.ParseText(Source, Compiler.Language).GetRoot().ChildNodes().Cast<GlobalStatementSyntax>().Select(statement =>
            (statement.DescendantNodes().OfType<VariableDeclaratorSyntax>().First().Identifier.Text, statement)),
    ];

    /// <summary>The declarations of what statements use and do not declare themselves.</summary>
    public static string For(IReadOnlyList<GlobalStatementSyntax> statements)
    {
        HashSet<string> declared = [.. statements.SelectMany(Declared)], used = [.. statements.SelectMany(Used)];
        var needed = new List<GlobalStatementSyntax>();
        // A given uses only those above it.
        foreach ((string name, GlobalStatementSyntax statement) in All.Reverse())
        {
            if (!used.Contains(name) || declared.Contains(name))
                continue;
            needed.Insert(0, statement);
            used.UnionWith(Used(statement));
        }
        return string.Concat(needed.Select(statement => $"#line hidden\n{statement}\n"));
    }

    private static IEnumerable<string> Used(SyntaxNode node) =>
        node.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Parent is not MemberAccessExpressionSyntax access || access.Name != name)
            .Select(name => name.Identifier.Text);

    private static IEnumerable<string> Declared(SyntaxNode node) =>
        node.DescendantNodes().Select(within => within switch
        {
            VariableDeclaratorSyntax variable => variable.Identifier.Text,
            SingleVariableDesignationSyntax variable => variable.Identifier.Text,
            ParameterSyntax parameter => parameter.Identifier.Text,
            ForEachStatementSyntax loop => loop.Identifier.Text,
            _ => "",
        });
}
