// The README's program, and before it a first training step. It prints milliseconds from the first line to the end of that step,
// milliseconds of the step itself, seconds of the whole training, and the trained weights.
using System.Diagnostics;
using System.Globalization;
using DeepLearn.Optimizers;

long start = Stopwatch.GetTimestamp();
var network = new Sequential(new Dense(50), new Relu(), new Dense(10));
using var workers = new WorkerPool(Environment.ProcessorCount);

var step = new TrainingStep<float>(network.Build<float>(3072, seed: 1), new SoftmaxCrossEntropy(), new L2(0.01), new Sgd(), 100, workers);
var examples = new Matrix<float>(100, 3072);
int[] labels = new int[100];
long beforeStep = Stopwatch.GetTimestamp();
step.Run(examples, Targets<float>.FromLabels(labels), 0.01, 0, RandomKey.FromSeed(1));
double first = Stopwatch.GetElapsedTime(beforeStep).TotalMilliseconds, sinceStart = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

DatasetCollection images = SyntheticImages.Create(seed: 1, trainingCount: 10_000, testCount: 1_000);
Model<float> model = network.Build<float>(images.Training.ExampleShape, seed: 1);
var plan = new TrainingPlan
{
    Schedule = new TriangularSchedule(minimum: 1e-5, maximum: 1e-1, stepSize: 500),
    Length = TrainingLength.Cycles(2),
    Regularizer = new L2(0.01),
    Normalization = Normalization.PerFeature(images.Training),
};
long beforeRun = Stopwatch.GetTimestamp();
using var trainer = new Trainer<float>(model, plan, images.Training, images.Test, workers);
trainer.Run();
double run = Stopwatch.GetElapsedTime(beforeRun).TotalSeconds;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sinceStart:f2} {first:f2} {run:f3} {model.Sha256()}"));
