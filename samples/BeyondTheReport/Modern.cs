using DeepLearn.Data;
using DeepLearn.Data.Augmentation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport;

/// <summary>What the three networks that are to go far have in common: how they are built of blocks, and how they are trained.</summary>
internal static class Modern
{
    public const int BatchSize = 128;

    /// <summary>Flips in every other epoch, and shifts: the network never sees an image twice the same.</summary>
    public static ImageAugmentation Augmentation { get; } = new AlternatingFlip().Then(new RandomShift(2, ShiftPadding.Reflection));

    /// <summary>A fully connected layer, normalized and rectified. The normalization takes a bias away again, so there is none.</summary>
    public static Sequential DenseBlock(int units) => new(new Dense(units) { HasBiases = false }, new BatchNorm(), new Relu());

    /// <summary>
    /// One climb and one descent of the rate, momentum, smoothed labels, augmented images. The penalty's derivative is 5e-4 times the
    /// weight.
    /// </summary>
    public static TrainingPlan Plan(Laboratory laboratory, double epochs, double maximumRate)
    {
        long steps = laboratory.Steps(epochs, BatchSize);
        return new()
        {
            Schedule = new OneCycleSchedule(maximumRate, Math.Max(2, steps)) { Rise = 0.25, EndDivisor = 1000 },
            Length = TrainingLength.Steps(steps),
            Optimizer = new Sgd { Momentum = 0.9, Nesterov = true },
            Loss = new SoftmaxCrossEntropy { LabelSmoothing = 0.1 },
            Regularizer = new L2(2.5e-4),
            BatchSize = BatchSize,
            Seed = laboratory.Seed,
            Normalization = laboratory.PerChannel,
            Augmentation = Augmentation,
            DropLast = true,
        };
    }
}
