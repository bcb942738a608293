using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Package.Tests;
using DeepLearn.Regularizers;
using DeepLearn.Training;
using DeepLearn.Verification;

// Written against the packed package alone: what comes from outside takes the same ways as what comes from within.
const int Steps = 12, Batch = 40;
bool isRight = true;
var data = new StrangeData(120);
Dataset twice = Dataset.Concatenate(data.Slice(0, 60), data.Slice(60, 60));

// 1. The plan of a network with our dense layer is the plan of one with the library's.
Layer theirs = new Dense(9) { HasBiases = false }, ours = new StrangeDense(9);
ExecutionPlan plan = PlanOf(ours);
Console.WriteLine(plan);
Say("the execution plan is that of the library's layer but for the names", Nameless(plan) == Nameless(PlanOf(theirs)));

// 2. Our layer, optimizer and data set: bytes are read where they stand, the ReLU is fused, weights are updated within the backward pass.
Model<float> model = Build(ours);
(double[] losses, long allocated) = Train(model, new StrangeSgd(), twice);
Say("every batch reached the layer as bytes", Counts.OfBytes == Steps);
Say("every ReLU was fused", Counts.Fused == Steps);
Say("every update of the weights was made within the backward pass", Counts.Accumulated == Steps);
Say("the optimizer was called for no parameter", Counts.Updates == 0);
Say("no gradient takes memory", model.Parameters.All(parameter => !parameter.HasGradient));
Say($"no step allocates (found {allocated} bytes)", allocated == 0);

// 3. The same bits as the library's own, from the same start.
Model<float> own = Build(theirs);
Model<float> fresh = Build(ours);
for (int i = 0; i < own.Parameters.Count; i++)
    fresh.Parameters[i].Value.AsSpan().CopyTo(own.Parameters[i].Value.AsSpan());
(double[] ownLosses, _) = Train(own, new Sgd(), new ByteDataset(BytesOf(data), data.Labels.ToArray(), data.Description));
Say("the losses are those of the library's own, bit for bit", losses.SequenceEqual(ownLosses));
Say(
    "and so are the weights",
    model.Parameters.Zip(own.Parameters).All(pair => pair.First.Value.AsSpan().SequenceEqual(pair.Second.Value.AsSpan())));

// 4. The simple tier: right gradients, and nothing allocated.
var simple = new Sequential(new StrangeScale(), new Dense(5), new StrangeScale(), new Dense(3));
var batch = new Batch<double>(6, data.Description);
batch.FillRange(data, 0, 6, Normalization.PerFeature(data).Build<double>());
GradientReport report = GradientChecker.Check(
    simple.Build<double>(data.ExampleShape, seed: 1), new SoftmaxCrossEntropy(), Regularizer.None, batch.FeatureView,
    Targets<double>.FromLabels(batch.LabelView));
Say("the gradients of the simple layer are right", report.Passed);
(_, allocated) = Train(simple.Build<float>(data.ExampleShape, seed: 1), new Adam(), data);
Say($"no step with the simple layer allocates (found {allocated} bytes)", allocated == 0);
return isRight ? 0 : 1;

ExecutionPlan PlanOf(Layer layer) => Build(layer).PlanFor(RunMode.Training)!;

static ExecutionPlan Nameless(ExecutionPlan plan) => plan with { Layers = [.. plan.Layers.Select(layer => layer with { Name = "" })] };

Model<float> Build(Layer layer) => new Sequential(new Flatten(), layer, new Relu(), new Dense(3)).Build<float>(data.ExampleShape, seed: 1);

static (double[] Losses, long Allocated) Train(Model<float> model, Optimizer optimizer, Dataset examples)
{
    var options = new BatchLoaderOptions { Normalization = Normalization.PerFeature(examples), Prefetch = 0 };
    using var loader = new BatchLoader<float>(examples, Batch, RandomKey.FromSeed(5), options);
    var step = new TrainingStep<float>(model, new SoftmaxCrossEntropy(), Regularizer.None, optimizer, Batch);
    var losses = new double[Steps];
    long before = 0;
    for (int i = 0; i < Steps; i++)
    {
        if (i == Steps / 2)
            before = GC.GetAllocatedBytesForCurrentThread();
        Batch<float> batch = loader.Next();
        losses[i] = step.Run(batch, Targets<float>.FromLabels(batch.LabelView), 0.001, i, default);
    }
    return (losses, GC.GetAllocatedBytesForCurrentThread() - before);
}

static byte[] BytesOf(Dataset examples) => [.. Enumerable.Range(0, examples.Count).SelectMany(i => examples.Bytes(i).ToArray())];

void Say(string promise, bool isKept)
{
    Console.WriteLine($"{(isKept ? "passed" : "FAILED")}: {promise}");
    isRight &= isKept;
}
