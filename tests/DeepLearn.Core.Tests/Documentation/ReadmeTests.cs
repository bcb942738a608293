using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Tests.Samples;
using DeepLearn.Training;
using DeepLearn.Verification;
using Xunit;

namespace DeepLearn.Tests.Documentation;

/// <summary>The code in the README is this code, which is compiled and run. Alone, since some of it writes to the current folder.</summary>
[Collection(Alone.Name)]
public class ReadmeTests
{
    [Fact]
    public void Readme_quick_start_runs_and_learns()
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
    public void Readme_gradient_check_runs()
    {
        var network = new Sequential(new Dense(8), new Relu(), new Dense(10));
        var examples = new Matrix<double>(4, 6);
        examples.View.Fill(0.3);
        int[] labels = [1, 2, 3, 4];

        // gradient check
        Model<double> precise = network.Build<double>(inputShape: 6, seed: 1);
        GradientReport report = GradientChecker.Check(
            precise, new SoftmaxCrossEntropy(), new L2(0.1), examples, Targets<double>.FromLabels(labels));
        report.ThrowIfFailed();
        // end
    }

    [Fact]
    public void Readme_save_and_load_runs()
    {
        Dataset training = Points(40, seed: 1);
        var network = new Sequential(new Dense(5), new Relu(), new Dense(10));
        Model<float> model = network.Build<float>(training.ExampleShape, seed: 1);
        TrainingPlan plan = Short(training);
        float[] example = [.. Enumerable.Range(0, 20)];
        using var folder = new CurrentFolder();

        // save and load
        model.Save("digits.safetensors", plan.Normalization, new Dictionary<string, string> { ["author"] = "me" });

        Model<float> shipped = network.Build<float>(training.ExampleShape, seed: 0);
        ModelFileContent content = shipped.Load("digits.safetensors");
        FeatureTransform<float> prepare = content.Normalization!.Build<float>();
        prepare.Apply(example, example);
        Matrix<float> scores = shipped.Predict(new ReadOnlyMatrixView<float>(example, 1, example.Length));
        // end

        Assert.Equal(10, scores.Columns);
        Assert.Equal("me", content.Texts["author"]);
    }

    [Fact]
    public void Readme_going_on_from_a_checkpoint_runs()
    {
        Dataset training = Points(40, seed: 1), validation = Points(20, seed: 2);
        Model<float> model = new Sequential(new Dense(5), new Relu(), new Dense(10)).Build<float>(training.ExampleShape, seed: 1);
        TrainingPlan plan = Short(training);
        WorkerPool? workers = null;
        using var folder = new CurrentFolder();

        // going on
        using var trainer = new Trainer<float>(model, plan, training, validation, workers)
        {
            Checkpointing = new("digits.checkpoint") { Interval = TimeSpan.FromMinutes(1) },
        };
        trainer.TryResume();
        TrainingResult result = trainer.Run();
        // end

        Assert.Equal(10, result.Steps);
        Assert.True(File.Exists("digits.checkpoint"));
    }

    [Theory]
    [InlineData("quick start")]
    [InlineData("save and load")]
    [InlineData("going on")]
    [InlineData("gradient check")]
    public void Readme_code_equals_the_compiled_code(string name)
    {
        string source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "DeepLearn.Core.Tests", "Documentation", "ReadmeTests.cs"));
        int start = source.IndexOf($"        // {name}\n", StringComparison.Ordinal);
        string code = source[(source.IndexOf('\n', start) + 1)..source.IndexOf("        // end\n", start, StringComparison.Ordinal)];
        string shown = string.Join('\n', code.TrimEnd().Split('\n').Select(line => line.Length > 8 ? line[8..] : line.Trim()));
        Assert.Contains($"```csharp\n{shown}\n```", File.ReadAllText(Path.Combine(Repository.Root, "README.md")));
    }

    private static TrainingPlan Short(Dataset training) => new()
    {
        Schedule = new ConstantSchedule(0.01),
        Length = TrainingLength.Steps(10),
        Normalization = Normalization.PerFeature(training),
    };

    /// <summary>Ten clouds of points.</summary>
    private static ByteDataset Points(int count, ulong seed)
    {
        RandomStream random = RandomKey.FromSeed(seed).Open();
        var bytes = new byte[count * 20];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(random.NextIndex(100) + (i % 20 / 2 == i / 20 % 10 ? 100 : 0));
        return new(bytes, [.. Enumerable.Range(0, count).Select(i => i % 10)], new DatasetDescription(20) { Classes = 10 });
    }

    /// <summary>A temporary folder that is the current one meanwhile.</summary>
    private sealed class CurrentFolder : IDisposable
    {
        private readonly string _before = Directory.GetCurrentDirectory();
        private readonly TemporaryFolder _folder = new();

        public CurrentFolder() => Directory.SetCurrentDirectory(_folder.Root);

        public void Dispose()
        {
            Directory.SetCurrentDirectory(_before);
            _folder.Dispose();
        }
    }
}
