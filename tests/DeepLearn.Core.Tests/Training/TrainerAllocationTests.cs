using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Data.Augmentation;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Tests.Data.Augmentation;
using DeepLearn.Tests.Losses;
using DeepLearn.Tests.Schedules;
using DeepLearn.Tests.Support;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>
/// A trainer's own steps, with the batches and whatever follows them, allocate nothing on any thread: not as batches are made of any data
/// set with any augmentation, beforehand or not, nor from one epoch to the next.
/// </summary>
[Collection(Alone.Name)]
public class TrainerAllocationTests
{
    // An epoch is three batches, the last of them smaller, so that a stretch begins several.
    private const int Stretch = 20, Stretches = 12;

    private static readonly Sequential Network = new(new Dense(60), new Relu(), new Dense(7));

    public static TheoryData<ImageAugmentation> Augmentations => AugmentationTests.All;

    public static TheoryData<ScheduleCase> Schedules => [.. ScheduleCase.All];

    [Theory]
    [InlineData(LossCase.TargetKind.Labels, 0)]
    [InlineData(LossCase.TargetKind.Labels, 2)]
    [InlineData(LossCase.TargetKind.Numbers, 0)]
    [InlineData(LossCase.TargetKind.Numbers, 2)]
    public void Trainer_steps_on_any_kind_of_data_set_allocate_nothing(LossCase.TargetKind kind, int prefetch)
    {
        // A concatenation of bytes with labels, or numbers with rows of targets.
        Loss loss = kind == LossCase.TargetKind.Labels ? new SoftmaxCrossEntropy() : new MeanSquaredError();
        Check(MixedTraining.Data(kind), new ConstantSchedule(1e-3), loss, null, prefetch);
        Check(MixedTraining.Data(kind).Skip(5), new ConstantSchedule(1e-3), loss, new HorizontalFlip(), prefetch);
    }

    [Theory]
    [MemberData(nameof(Augmentations))]
    public void Trainer_steps_with_any_augmentation_allocate_nothing(ImageAugmentation augmentation)
    {
        Dataset data = MixedTraining.Data(LossCase.TargetKind.Labels);
        Check(data, new ConstantSchedule(1e-3), new SoftmaxCrossEntropy(), augmentation, 0);
        Check(data, new ConstantSchedule(1e-3), new SoftmaxCrossEntropy(), augmentation, 2);
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Trainer_steps_with_any_schedule_allocate_nothing(ScheduleCase row) =>
        Check(MixedTraining.Data(LossCase.TargetKind.Labels), row.Schedule, new SoftmaxCrossEntropy(), null, 0);

    private static void Check(Dataset data, LearningRateSchedule schedule, Loss loss, ImageAugmentation? augmentation, int prefetch)
    {
        Assert.Equal(0, Allocated<float>(data, schedule, loss, augmentation, prefetch));
        Assert.Equal(0, Allocated<double>(data, schedule, loss, augmentation, prefetch));
    }

    private static long Allocated<T>(Dataset data, LearningRateSchedule schedule, Loss loss, ImageAugmentation? augmentation, int prefetch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var plan = new TrainingPlan
        {
            Schedule = schedule,
            Length = TrainingLength.Steps(Stretch * Stretches),
            BatchSize = 32,
            Loss = loss,
            Regularizer = new L2(0.001),
            Optimizer = new Sgd { Momentum = 0.9 },
            Normalization = Normalization.PerFeature(data),
            Augmentation = augmentation,
            Prefetch = prefetch,
            // One evaluation, in one of the stretches: the callbacks look at it.
            Evaluation = new() { AtEnd = false, Every = (Stretch * Stretches) - 1 },
        };
        Model<T> model = Network.Build<T>(data.ExampleShape, 1);
        using WorkerPool workers = Pools.WithProcessorToSpare(2);
        using var trainer = new Trainer<T>(model, plan, data, null, workers);
        var meter = new Meter<T>();
        trainer.Callbacks.Add(new AveragedWeights<T>(model, new(0.9) { Ramp = true }));
        trainer.Callbacks.Add(new EarlyStopping<T>(3));
        trainer.Callbacks.Add(new ReduceOnPlateau<T>());
        trainer.Callbacks.Add(meter);
        trainer.Run();
        return meter.Least;
    }

    /// <summary>
    /// What all threads allocate in a stretch of steps, the least of several: the runtime's own threads allocate now and then.
    /// </summary>
    private sealed class Meter<T> : TrainingCallback<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private long _before;

        public long Least { get; private set; } = long.MaxValue;

        public override TrainingDecision OnStep(in StepReport<T> report)
        {
            if (report.Step % Stretch != 0)
                return TrainingDecision.Continue;
            long now = GC.GetTotalAllocatedBytes(precise: true);

            // In the first two, whatever is made once is made.
            if (report.Step > 2 * Stretch)
                Least = Math.Min(Least, now - _before);
            _before = GC.GetTotalAllocatedBytes(precise: true);
            return Least == 0 ? TrainingDecision.Stop : TrainingDecision.Continue;
        }
    }
}
