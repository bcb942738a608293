using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Training;
using DeepLearn.Verification;
using Xunit;

namespace DeepLearn.Tests.Documentation;

/// <summary>The code in the README is this code, which is compiled and run.</summary>
public class ReadmeTests
{
    [Fact]
    public void TheQuickStartRuns()
    {
        Dataset training = Points(400, seed: 1);
        Dataset validation = Points(100, seed: 2);

        // quick start
        var network = new Sequential(new Dense(50), new Relu(), new Dense(10));
        Model<float> model = network.Build<float>(training.ExampleShape, seed: 1);

        var plan = new TrainingPlan
        {
            Schedule = new TriangularSchedule(minimum: 1e-5, maximum: 1e-1, stepSize: 500),
            Length = TrainingLength.Cycles(2),
            Regularizer = new L2(0.001),
            Normalization = Normalization.PerFeature(training),
            Evaluation = new() { Every = 100 },
        };
        using var workers = new WorkerPool(Environment.ProcessorCount);
        using var trainer = new Trainer<float>(model, plan, training, validation, workers);
        TrainingResult result = trainer.Run();
        Console.WriteLine($"validation accuracy {result.Curve[^1].Validation!.Accuracy:p1}");
        // end

        Assert.True(result.Curve[^1].Validation!.Accuracy > 0.9);
    }

    [Fact]
    public void TheGradientCheckRuns()
    {
        var network = new Sequential(new Dense(8), new Relu(), new Dense(10));
        var examples = new Matrix<double>(4, 6);
        examples.View.Fill(0.3);
        int[] labels = [1, 2, 3, 4];

        // gradient check
        Model<double> twin = network.Build<double>(inputShape: 6, seed: 1);
        GradientReport report = GradientChecker.Check(
            twin, new SoftmaxCrossEntropy(), new L2(0.1), examples, Targets<double>.FromLabels(labels));
        report.ThrowIfFailed();
        // end
    }

    [Theory]
    [InlineData("quick start")]
    [InlineData("gradient check")]
    public void TheReadmeHasTheSameCode(string name)
    {
        string source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "DeepLearn.Core.Tests", "Documentation", "ReadmeTests.cs"));
        int start = source.IndexOf($"        // {name}\n", StringComparison.Ordinal);
        string code = source[(source.IndexOf('\n', start) + 1)..source.IndexOf("        // end\n", start, StringComparison.Ordinal)];
        string shown = string.Join('\n', code.TrimEnd().Split('\n').Select(line => line.Length > 8 ? line[8..] : line.Trim()));
        Assert.Contains($"```csharp\n{shown}\n```", File.ReadAllText(Path.Combine(Repository.Root, "README.md")));
    }

    /// <summary>Ten clouds of points.</summary>
    private static ByteDataset Points(int count, ulong seed)
    {
        RandomStream random = RandomKey.FromSeed(seed).Open();
        var bytes = new byte[count * 20];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(random.NextIndex(100) + (i % 20 / 2 == i / 20 % 10 ? 100 : 0));
        return new(bytes, [.. Enumerable.Range(0, count).Select(i => i % 10)], new DatasetDescription(20) { Classes = 10 });
    }
}
