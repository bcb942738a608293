using System.Globalization;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Samples.CustomLayer;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Training;
using DeepLearn.Verification;

// Layers of both tiers, a loss, a learning-rate schedule and a data set written outside the library: checked, found out when wrong, and trained.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

Console.WriteLine("1. Our own layers and loss, analytic gradient against numeric, in double");
Console.WriteLine(Check(new FeatureGain()));
Console.WriteLine(Check(new LearnableSwish { InitialBeta = 0.7 }));

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
    Console.WriteLine(mismatch.Message);
}

Console.WriteLine();
Console.WriteLine("3. Our own schedule: what the trainer asks of every schedule");
var schedule = new InverseRootSchedule(Maximum: 0.01, Climb: 100);
IEnumerable<string> rates = new long[] { 0, 49, 99, 399, 1599 }.Select(step => $"{schedule.RateAt(step):g2} at step {step}");
Console.WriteLine($"   {schedule}: {string.Join(", ", rates)}");
bool isSound = CheckSchedule(schedule);

Console.WriteLine();
Console.WriteLine("4. Training with them; one target in twenty is off by 10");
Train(new LogCosh(), schedule);
Train(new MeanSquaredError(), schedule);

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

// A schedule has no gradient to check, but promises: a rate for any step, asked in any order; and ours its maximum at the end of its climb,
// and no step from one rate to the next that is longer than the climb's.
static bool CheckSchedule(InverseRootSchedule schedule)
{
    double[] rates = [.. Enumerable.Range(0, 2000).Select(step => schedule.RateAt(step))];
    bool isSound = Say(
        "finite and at least 0, for any step",
        rates.Append(schedule.RateAt(long.MaxValue)).All(rate => rate >= 0 && double.IsFinite(rate)));
    isSound &= Say("a function of the step alone", Enumerable.Range(0, 2000).Reverse().All(step => schedule.RateAt(step) == rates[step]));
    isSound &= Say("its maximum at the end of the climb", rates.Max() == schedule.Maximum && rates[schedule.Climb - 1] == schedule.Maximum);
    double climb = schedule.Maximum / schedule.Climb * (1 + 1e-12);
    return isSound & Say("no jump", rates.Zip(rates.Skip(1)).All(pair => Math.Abs(pair.Second - pair.First) <= climb));

    static bool Say(string promise, bool isKept)
    {
        Console.WriteLine($"   {promise}: {(isKept ? "passed" : "FAILED")}");
        return isKept;
    }
}

static void Train(Loss loss, LearningRateSchedule schedule)
{
    Dataset training = Waves.Draw(4000, seed: 1, hasErrors: true);
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
    string betas = string.Join(", ", Betas(model).Order().Select(beta => $"{beta:f2}"));
    Console.WriteLine($"   {loss.GetType().Name}: root mean square error against the truth {before:f3} before, {after:f3} after {result.Steps} steps");
    Console.WriteLine($"      betas of the first layer, which began at 1: {betas}");
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
    Model<float> model = new Sequential(new Dense(32), new FeatureGain(), new Relu(), new Dense(2)).Build<float>(training.ExampleShape, seed: 1);
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
    double before = evaluator.Evaluate(test).Accuracy;
    using var trainer = new Trainer<float>(model, plan, training);
    trainer.Run();
    Console.WriteLine($"   which tone sounds, on another recording: {before:p0} right before, {evaluator.Evaluate(test).Accuracy:p0} after");
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
