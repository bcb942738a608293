using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DeepLearn.Data;
using DeepLearn.Data.Csv;
using DeepLearn.Data.Tables;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tests.Samples;
using DeepLearn.Tests.Support;
using DeepLearn.Training;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>
/// Everyday tables beside scikit-learn's MLP: the same folds, network, optimizer, batch size and number of epochs. What scikit-learn
/// ships is written to CSV files by a program of a few lines; where there is no scikit-learn (Debian's package python3-sklearn), the test
/// says that it is skipped.
/// </summary>
[Collection(Alone.Name)]
public sealed class ScikitComparisonTests : IClassFixture<ScikitComparisonTests.Peer>
{
    private const string Program = """
        import json, sys, warnings
        import numpy as np
        from sklearn import __version__, datasets
        from sklearn.model_selection import KFold, StratifiedKFold
        from sklearn.neural_network import MLPClassifier, MLPRegressor
        from sklearn.preprocessing import StandardScaler
        warnings.filterwarnings("ignore")
        found = {"version": __version__}
        for name in ["iris", "wine", "breast_cancer", "diabetes", "friedman1"]:
            if name == "friedman1":
                x, y = datasets.make_friedman1(n_samples=500, noise=1.0, random_state=0)
            else:
                x, y = getattr(datasets, "load_" + name)(return_X_y=True)
            classes = name in ["iris", "wine", "breast_cancer"]
            options = dict(batch_size=32, max_iter=100, tol=0, n_iter_no_change=10**6)
            fold, scores = np.empty(len(y), int), []
            splits = (StratifiedKFold if classes else KFold)(10, shuffle=True, random_state=1)
            for k, (training, test) in enumerate(splits.split(x, y)):
                fold[test] = k
                scale = StandardScaler().fit(x[training]).transform
                if classes:
                    model = MLPClassifier(random_state=k, **options).fit(scale(x[training]), y[training])
                    scores.append(model.score(scale(x[test]), y[test]))
                else:
                    mean, spread = y[training].mean(), y[training].std()
                    model = MLPRegressor(random_state=k, **options).fit(scale(x[training]), (y[training] - mean) / spread)
                    error = model.predict(scale(x[test])) * spread + mean - y[test]
                    scores.append(1 - (error**2).sum() / ((y[test] - y[test].mean())**2).sum())
            found[name] = [float(score) for score in scores]
            with open(f"{sys.argv[1]}/{name}.csv", "w") as file:
                file.write(",".join([f"x{i}" for i in range(x.shape[1])] + ["fold", "target"]) + "\n")
                for a, b, c in zip(x, fold, y):
                    file.write(",".join([repr(float(v)) for v in a] + [str(b), str(c) if classes else repr(float(c))]) + "\n")
        json.dump(found, sys.stdout)
        """;

    private readonly Peer _peer;
    private readonly ITestOutputHelper _output;

    public ScikitComparisonTests(Peer peer, ITestOutputHelper output)
    {
        _peer = peer;
        _output = output;
    }

    [Theory]
    [InlineData("iris")]
    [InlineData("wine")]
    [InlineData("breast_cancer")]
    public void Accuracy_over_ten_stratified_folds_is_within_noise_of_that_of_scikit_learn(string name)
    {
        (IReadOnlyList<(Dataset, Dataset)> folds, int classes) = Read(name, hasClasses: true);
        CrossValidationResult own = classes == 2
            ? Train(folds, 1, new SigmoidBinaryCrossEntropy(), Initializer.Automatic)
            : Train(folds, classes, new SoftmaxCrossEntropy(), Initializer.Automatic);
        Compare(name, "accuracy", own);
    }

    [Theory]
    [InlineData("diabetes")]
    [InlineData("friedman1")]
    public void RSquared_over_ten_folds_is_within_noise_of_that_of_scikit_learn_by_the_automatic_initializer(string name)
    {
        IReadOnlyList<(Dataset, Dataset)> folds = Read(name, hasClasses: false).Folds;
        CrossValidationResult own = Train(folds, 1, new MeanSquaredError(), Initializer.Automatic);
        CrossValidationResult he = Train(folds, 1, new MeanSquaredError(), NormalInitializer.He);
        CrossValidationResult theirs = Train(folds, 1, new MeanSquaredError(), UniformInitializer.Glorot, UniformInitializer.Glorot);
        _output.WriteLine(Line(name, "R², weights and biases begin as scikit-learn's", theirs.ValuesOf("R²")));
        _output.WriteLine(Line(name, "R², He in every layer", he.ValuesOf("R²")));
        Compare(name, "R²", theirs);
        Compare(name, "R²", own);
        Assert.True(own.Mean("R²") > he.Mean("R²"), "He's weights are worse.");
    }

    private static CrossValidationResult Train(
        IReadOnlyList<(Dataset, Dataset)> folds, int outputs, Loss loss, Initializer weights, Initializer? biases = null) =>
        CrossValidation.Run<float>(
        folds,
        new Sequential(
            new Dense(100) { Weights = weights, Biases = biases ?? ConstantInitializer.Zero },
            new Relu(),
            new Dense(outputs) { Weights = weights, Biases = biases ?? ConstantInitializer.Zero }),
        training => new TrainingPlan
        {
            Schedule = 0.001,
            Length = TrainingLength.Epochs(100),
            BatchSize = 32,
            Loss = loss,
            Optimizer = new Adam(),
            // There the penalty is half of alpha over the batch's size, and so is the squared error.
            Regularizer = new L2(loss is MeanSquaredError ? 1e-4 / 32 : 1e-4 / 2 / 32),
            Normalization = Normalization.PerFeature(training),
            TargetScaling = training.TargetWidth > 0 ? Normalization.OfTargets(training) : null,
            Evaluation = new() { AtEnd = false },
        },
        seed: 1,
        [loss is MeanSquaredError ? new RSquared() : new Accuracy()]);

    private (IReadOnlyList<(Dataset, Dataset)> Folds, int Classes) Read(string name, bool hasClasses)
    {
        _peer.Require(Program);
        string path = _peer.Folder[$"{name}.csv"];
        CsvOptions options = hasClasses ? new() { LabelColumn = "target" } : new() { TargetColumns = ["target"] };
        Table table = CsvFiles.ReadTable(path, options);
        double[] fold = table.Find("fold")!.Numbers.ToArray();
        DenseDataset<double> data = CsvFiles.Load<double>(path, options with { IgnoredColumns = ["fold"] });
        int[] all = [.. Enumerable.Range(0, data.Count)];
        return (
            [.. Enumerable.Range(0, 10).Select(k =>
                (data.Subset([.. all.Where(i => fold[i] != k)]), data.Subset([.. all.Where(i => fold[i] == k)])))],
            data.Classes);
    }

    /// <summary>The means differ by no more than chance would have it: three standard errors of the differences of the folds.</summary>
    private void Compare(string name, string metric, CrossValidationResult own)
    {
        double[] peer = _peer.Scores[name], ours = [.. own.ValuesOf(metric)];
        _output.WriteLine(Line(name, metric, ours));
        _output.WriteLine(Line(name, $"{metric}, scikit-learn {_peer.Version}", peer));
        double[] apart = [.. ours.Zip(peer, (a, b) => a - b)];
        double mean = apart.Average();
        double error = Math.Sqrt(apart.Sum(d => (d - mean) * (d - mean)) / 9 / 10);
        Assert.InRange(mean, -(3 * error) - 0.005, (3 * error) + 0.005);
    }

    private static string Line(string name, string what, IReadOnlyCollection<double> scores)
    {
        double mean = scores.Average(), spread = Math.Sqrt(scores.Sum(s => (s - mean) * (s - mean)) / (scores.Count - 1));
        return string.Create(CultureInfo.InvariantCulture, $"{name}: {what} {mean:f3}, standard deviation {spread:f3}");
    }

    /// <summary>What scikit-learn found, once for all tests.</summary>
    public sealed class Peer : IDisposable
    {
        private string? _missing;

        public TemporaryFolder Folder { get; } = new();

        public string Version { get; private set; } = "";

        public Dictionary<string, double[]> Scores { get; } = [];

        public void Require(string program)
        {
            if (Scores.Count == 0 && _missing is null)
                Run(program);
            Assert.SkipWhen(_missing is not null, $"There is no scikit-learn here: {_missing}");
        }

        public void Dispose() => Folder.Dispose();

        private void Run(string program)
        {
            foreach (string python in (string[])["python3", "/usr/bin/python3"])
            {
                (int code, string output, string errors) = Start(python, program);
                if (code != 0)
                {
                    _missing = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? python;
                    continue;
                }
                _missing = null;
                foreach (JsonProperty property in JsonDocument.Parse(output).RootElement.EnumerateObject())
                {
                    if (property.Value.ValueKind == JsonValueKind.String)
                        Version = property.Value.GetString()!;
                    else
                        Scores[property.Name] = [.. property.Value.EnumerateArray().Select(score => score.GetDouble())];
                }
                return;
            }
        }

        private (int Code, string Output, string Errors) Start(string python, string program)
        {
            var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(program);
            start.ArgumentList.Add(Folder.Root);
            (start.Environment["OMP_NUM_THREADS"], start.Environment["OPENBLAS_NUM_THREADS"]) = ("1", "1");
            try
            {
                using Process process = Process.Start(start)!;
                Task<string> errors = process.StandardError.ReadToEndAsync();
                string output = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                return (process.ExitCode, output, errors.Result);
            }
            catch (System.ComponentModel.Win32Exception exception)
            {
                return (-1, "", exception.Message);
            }
        }
    }
}
