using System.Globalization;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Reporting;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.CustomLayer;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Testing;
using DeepLearn.Training;
using DeepLearn.Verification;

// Layers of both tiers, a loss, a learning-rate schedule and a data set written outside the library: checked, found out when wrong, and
// trained.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string folder = args.Length > 0 ? args[0] : ".";

Console.WriteLine("1. Our own layers and loss, analytic gradient against numeric, in double");
var terminal = new ReportTerminal();
terminal.Table(GradientTable.Of(Check(new FeatureGain()), "A network with FeatureGain"));
terminal.Table(GradientTable.Of(Check(new LearnableSwish { InitialBeta = 0.7 }), "A network with LearnableSwish"));

Console.WriteLine();
Console.WriteLine("2. The same layer with one factor forgotten in its derivative");
Console.WriteLine($"   with every beta at 1, where the factor is 1 anyway: {(Check(new MistakenSwish()).Passed ? "not found" : "found")}");
try
{
    Check(new MistakenSwish { InitialBeta = 0.7 }).ThrowIfFailed();
    Console.WriteLine("   with every beta at 0.7: not found");
    return 1;
}
catch (GradientMismatchException mismatch)
{
    Console.WriteLine("   with every beta at 0.7: found");
    terminal.Table(GradientTable.Of(mismatch.Report, "A network with MistakenSwish"));
}

Console.WriteLine();
Console.WriteLine("3. The contracts of all that is ours, by the suites of DeepLearn.Testing");
var schedule = new InverseRootSchedule(Maximum: 0.01, Climb: 100);
bool isSound = Say(LayerContract.Check(new FeatureGain(), 5));
isSound &= Say(LayerContract.Check(new LearnableSwish { InitialBeta = 0.7 }, new Shape(4, 4, 3)));
isSound &= Say(LossContract.Check(new LogCosh()));
isSound &= Say(ScheduleContract.Check(schedule, new() { Greatest = schedule.Maximum, LargestChange = schedule.Maximum / schedule.Climb }));
isSound &= Say(DatasetContract.Check(Recording.Make(windows: 200, seed: 1)));

Console.WriteLine();
Console.WriteLine("4. Training with them; one target in twenty is off by 10");
DenseDataset<double> waves = Waves.Draw(4000, seed: 1, hasErrors: true);
Model<float> robust = Train(new LogCosh(), schedule, waves), squared = Train(new MeanSquaredError(), schedule, waves);
WavesFigure.Of(waves, robust, squared).Save(Path.Combine(folder, "waves.svg"));

Console.WriteLine();
Console.WriteLine("5. Our own data set: windows on a recording, which a dense first layer reads where they stand");
Listen();
return isSound ? 0 : 1;

// Two hidden layers, so that the activation's gradient goes through weights on both sides of it. The input's is checked too.
static GradientReport Check(Layer activation)
{
    var network = new Sequential(new Dense(6), activation, new Dense(5), activation, new Dense(2));
    Model<double> model = network.Build<double>(inputShape: 3, seed: 1);
    Matrix<double> examples = Matrix<double>.FromArray(new[,] { { 0.5, -1.2, 0.3 }, { -0.7, 0.4, 1.9 }, { 1.1, 0.2, -0.6 } });
    Matrix<double> targets = Matrix<double>.FromArray(new[,] { { 1.0, 0.0 }, { -0.5, 2.0 }, { 0.25, -3.0 } });
    return GradientChecker.Check(
        model, new LogCosh(), Regularizer.None, examples, Targets<double>.FromValues(targets), new() { IncludesInput = true });
}

// One line where every promise is kept; where one is not, what was expected and what was found.
static bool Say(ContractReport report)
{
    Console.WriteLine(
        report.Passed ? $"   {report.Contract} of {report.Subject}: {report.Checks.Count} checks, all passed" : report.ToString());
    return report.Passed;
}

static Model<float> Train(Loss loss, LearningRateSchedule schedule, Dataset training)
{
    DenseDataset<double> truth = Waves.Draw(1000, seed: 2, hasErrors: false);

    var network = new Sequential(new Dense(24), new LearnableSwish(), new Dense(24), new LearnableSwish(), new Dense(1));
    Model<float> model = network.Build<float>(training.ExampleShape, seed: 1);
    var plan = new TrainingPlan
    {
        Schedule = schedule,
        Length = TrainingLength.Epochs(40),
        Loss = loss,
        Optimizer = new Adam(),
        Seed = 1,
        Evaluation = new() { AtEnd = false },
    };
    using var trainer = new Trainer<float>(model, plan, training);
    double before = ErrorOf(model, truth);
    TrainingResult result = trainer.Run();
    double after = ErrorOf(model, truth);
    float[] betas = [.. Betas(model).Order()];
    Console.WriteLine(
        $"   {loss.GetType().Name}: root mean square error against the truth {before:f3} before, {after:f3} after {result.Steps} steps");
    Console.WriteLine($"      betas of the first layer, which began at 1: from {betas[0]:f2} to {betas[^1]:f2}");
    return model;
}

static void Listen()
{
    Recording training = Recording.Make(4000, seed: 1), test = Recording.Make(1000, seed: 2);
    Normalization normalization = Normalization.PerFeature(training);
    using (var loader = new BatchLoader<float>(training, 100, RandomKey.FromSeed(1), new() { Normalization = normalization }))
    {
        LayerInput<float> input = loader.Next().InputFor(readsBytes: true);
        Console.WriteLine($"   a batch is {input.ToString()}, in the recording's own memory of {input.Bytes.Source.Length:n0} bytes");
    }
    Model<float> model = new Sequential(new Dense(32), new FeatureGain(), new Relu(), new Dense(2)).Build<float>(
        training.ExampleShape, seed: 1);
    var plan = new TrainingPlan
    {
        Schedule = new ConstantSchedule(0.05),
        Length = TrainingLength.Epochs(10),
        Loss = new SoftmaxCrossEntropy(),
        Optimizer = new Sgd(),
        Normalization = normalization,
        Seed = 1,
        Evaluation = new() { AtEnd = false },
    };
    var evaluator = new Evaluator<float>(model, new SoftmaxCrossEntropy(), Regularizer.None, training.Description, normalization);
    double before = evaluator.Evaluate(test).Accuracy!.Value;
    using var trainer = new Trainer<float>(model, plan, training);
    trainer.Run();
    Console.WriteLine(
        $"   which tone sounds, on another recording: {before:p0} right before, {evaluator.Evaluate(test).Accuracy:p0} after");
}

static double ErrorOf(Model<float> model, DenseDataset<double> truth)
{
    var batch = new Batch<float>(truth.Count, truth.Description);
    batch.FillRange(truth, 0, truth.Count, null);
    Matrix<float> heights = model.Predict(batch.FeatureView);
    double sum = 0;
    for (int i = 0; i < truth.Count; i++)
    {
        double error = heights[i, 0] - batch.TargetView[i, 0];
        sum += error * error;
    }
    return Math.Sqrt(sum / truth.Count);
}

static float[] Betas(Model<float> model)
{
    Parameter<float> first = model.Parameters.First(parameter => parameter.Name.EndsWith("/beta", StringComparison.Ordinal));
    return first.Value.Row(0).ToArray();
}
