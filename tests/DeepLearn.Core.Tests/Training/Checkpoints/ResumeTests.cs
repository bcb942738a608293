using DeepLearn.Data;
using DeepLearn.Data.Augmentation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Tests.Data;
using DeepLearn.Tests.Optimizers;
using DeepLearn.Tests.Samples;
using DeepLearn.Tests.Support;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using DeepLearn.Training.Checkpoints;
using Xunit;

namespace DeepLearn.Tests.Training.Checkpoints;

/// <summary>
/// A run that goes on from its checkpoint comes to the end that it would have come to without the interruption.
/// Alone, since it leaves much to collect to whoever counts bytes beside it.
/// </summary>
[Collection(Alone.Name)]
public sealed class ResumeTests : IDisposable
{
    private static readonly ByteDataset Data = TrainingData.Striped(60);
    private static readonly TriangularSchedule Cycles = new(1e-4, 1e-1, 8);

    private static readonly TrainingPlan Plan = TrainingData.Plan with
    {
        Schedule = Cycles,
        Normalization = Normalization.PerFeature(Data),
        Evaluation = new() { Every = 5, AtStart = true },
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<OptimizerCase> Optimizers => [.. OptimizerCase.All];

    private string File => _folder["run.checkpoint"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Trainer_resumed_with_any_optimizer_ends_as_uninterrupted_bit_for_bit(OptimizerCase row)
    {
        Check<float>();
        Check<double>();

        void Check<T>()
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            System.IO.File.Delete(File);
            var run = new Interruption<T>(TrainingData.Network, Plan with { Optimizer = row.Optimizer }, Data, Data.Take(20));
            Assert.Equal(run.Uninterrupted(), run.KilledAt(new(File) { Every = 3 }, 4, 14, 23));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Trainer_resumed_with_callbacks_and_stateful_layers_ends_as_uninterrupted_bit_for_bit(int prefetch)
    {
        ByteDataset images = SmallData.Bytes(60, new Shape(6, 6, 2), classes: 10);
        var network = new Sequential(
            new Convolution2D(4, 3) { Padding = 1 }, new BatchNorm(), new Relu(),
            new Residual(new Sequential(new BatchNorm { Momentum = 0.5 }, new Dropout(0.3))), new Dense(10));
        TrainingPlan plan = Plan with
        {
            Normalization = Normalization.PerChannel(images),
            Augmentation = new HorizontalFlip().Then(new RandomShift(1)),
            Optimizer = new AdamW().ClippedByNorm(1),
            Regularizer = new L2(0.001),
            Prefetch = prefetch,
        };
        var run = new Interruption<float>(network, plan, images, images.Skip(40))
        {
            Callbacks = model =>
            [
                new EarlyStopping<float>(50),
                new ReduceOnPlateau<float>(factor: 0.5, patience: 2, threshold: 0.5),
                new AveragedWeights<float>(model, new(0.9) { Ramp = true }),
                new SnapshotRecorder<float>(Cycles),
            ],
        };
        Interruption<float>.End expected = run.Uninterrupted();
        Assert.Contains("; 0.", expected.Callbacks);
        Assert.Equal(expected, run.KilledAt(new(File) { Every = 1 }, 1, 2, 17, 31, 32));
    }

    [Property(MaxTest = 40)]
    public void Trainer_resumed_after_kills_at_any_step_ends_as_uninterrupted_bit_for_bit(byte every, byte[] steps)
    {
        System.IO.File.Delete(File);
        var run = new Interruption<float>(
            TrainingData.Network, Plan with { Optimizer = new Adam(), Evaluation = new() { Every = 2 } }, Data, null)
        {
            Callbacks = _ => [new ReduceOnPlateau<float>(factor: 0.5, patience: 2, threshold: 0.5), new EarlyStopping<float>(2)],
        };
        int distance = 1 + (every % 7);
        Interruption<float>.End expected = run.Uninterrupted();
        long[] places = [.. steps.Select(step => distance + (step % Math.Max(1, expected.Result.Steps - distance))).Order()];
        Assert.Equal(expected, run.KilledAt(new(File) { Every = distance }, [distance + 1, .. places.Where(place => place > distance)]));
    }

    [Fact]
    public void Trainer_resumed_after_a_stop_or_the_end_takes_no_step()
    {
        var run = new Interruption<float>(
            TrainingData.Network, Plan, Data, null)
        { Callbacks = _ => [new EarlyStopping<float>(1), new Steep()] };
        Interruption<float>.End expected = run.Uninterrupted();
        Assert.True(expected.Result.Stopped);
        using (Trainer<float> trainer = run.Create(new(File)))
            Assert.Equal(expected, Interruption<float>.End.Of(trainer));
        using Trainer<float> again = run.Create(new(File));
        Assert.True(again.TryResume());
        Assert.Equal(expected.Result.Steps, again.StepsDone);
        again.Callbacks.Add(new NoMore());
        Assert.Equal(expected.Sha256, Interruption<float>.End.Of(again).Sha256);
        Assert.Equal(expected.Result.Curve, again.Curve);
    }

    [Property(MaxTest = 15)]
    public void Trainer_canceled_writes_a_checkpoint_of_where_it_was(byte stopAt)
    {
        int stop = 1 + (stopAt % 30);
        System.IO.File.Delete(File);
        var run = new Interruption<float>(TrainingData.Network, Plan, Data, Data.Take(20));
        using (var cancellation = new CancellationTokenSource())
        using (Trainer<float> trainer = run.Create(new(File) { Interval = Timeout.InfiniteTimeSpan }))
        {
            trainer.Callbacks.Add(new At(stop, cancellation.Cancel));
            Assert.Throws<OperationCanceledException>(() => trainer.Run(cancellationToken: cancellation.Token));
        }
        using Trainer<float> resumed = run.Create(new(File));
        Assert.True(resumed.TryResume());
        Assert.Equal(stop, resumed.StepsDone);
        Assert.Equal(run.Uninterrupted(), Interruption<float>.End.Of(resumed));
    }

    [Fact]
    public void Trainer_with_checkpoints_ends_as_without_and_keeps_counting_time()
    {
        var run = new Interruption<float>(TrainingData.Network, Plan, Data, Data.Take(20));
        using (Trainer<float> trainer = run.Create(new(File) { Every = 1, Interval = TimeSpan.FromTicks(1) }))
            Assert.Equal(run.Uninterrupted(), Interruption<float>.End.Of(trainer));
        using Trainer<float> again = run.Create(new(File));
        again.TryResume();
        TrainingProgress? progress = null;
        double seconds = again.Run(new Direct(report => progress = report)).Seconds;
        Assert.True(seconds > 0);
        Assert.Equal(again.TotalSteps, progress!.Step);
        Assert.True(double.IsFinite(progress.Loss));
    }

    [Fact]
    public void Trainer_without_TryResume_refuses_to_write_over_a_checkpoint()
    {
        var run = new Interruption<float>(TrainingData.Network, Plan, Data, null);
        using (Trainer<float> trainer = run.Create(new(File)))
            trainer.SaveCheckpoint();
        byte[] whole = System.IO.File.ReadAllBytes(File);
        using Trainer<float> forgetful = run.Create(new(File) { Every = 1 });
        Assert.Contains("TryResume", Assert.Throws<IOException>(() => forgetful.Run()).Message);
        Assert.Throws<IOException>(forgetful.SaveCheckpoint);
        Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
        Assert.True(forgetful.TryResume());
        Assert.Equal(run.Uninterrupted(), Interruption<float>.End.Of(forgetful));
    }

    [Fact]
    public void Trainer_TryResume_without_a_checkpoint_starts_from_the_beginning()
    {
        var run = new Interruption<float>(TrainingData.Network, Plan, Data, null);
        using Trainer<float> trainer = run.Create(new(File));
        Assert.False(trainer.TryResume());
        Assert.Equal(run.Uninterrupted(), Interruption<float>.End.Of(trainer));
        Assert.Throws<InvalidOperationException>(() => trainer.TryResume());
        using Trainer<float> without = run.Create(null);
        Assert.Throws<InvalidOperationException>(() => without.TryResume());
        Assert.Throws<InvalidOperationException>(without.SaveCheckpoint);
    }

    [Fact]
    public void Trainer_SaveCheckpoint_in_the_middle_of_a_step_is_refused()
    {
        var run = new Interruption<float>(TrainingData.Network, Plan, Data, null);
        using (Trainer<float> trainer = run.Create(new(File)))
        {
            trainer.SaveCheckpoint();
            trainer.Callbacks.Add(new At(7, () => Assert.Throws<InvalidOperationException>(trainer.SaveCheckpoint)));
            trainer.Callbacks.Add(new At(9, () => throw new InvalidTimeZoneException()));
            Assert.Throws<InvalidTimeZoneException>(() => trainer.Run());
            Assert.Throws<InvalidOperationException>(trainer.SaveCheckpoint);
        }
        using Trainer<float> again = run.Create(new(File));
        Assert.True(again.TryResume());
        Assert.Equal(0, again.StepsDone);
        Assert.Equal(run.Uninterrupted(), Interruption<float>.End.Of(again));
    }

    [Fact]
    public void Trainer_resumes_a_custom_callback_through_its_public_interface()
    {
        var run = new Interruption<float>(TrainingData.Network, Plan, Data, null) { Callbacks = model => [new Wanderer(model, 3)] };
        Interruption<float>.End expected = run.Uninterrupted();
        Assert.NotEqual(new Interruption<float>(TrainingData.Network, Plan, Data, null).Uninterrupted().Sha256, expected.Sha256);
        Assert.Equal(expected, run.KilledAt(new(File) { Every = 4 }, 6, 20));
    }

    [Fact]
    public void Checkpointing_with_an_impossible_interval_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Checkpointing(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Checkpointing("x") { Every = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Checkpointing("x") { Interval = TimeSpan.Zero });
        Assert.Equal(Timeout.InfiniteTimeSpan, new Checkpointing("x") { Interval = Timeout.InfiniteTimeSpan }.Interval);
    }

    private sealed class Direct(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    private sealed class At(long step, Action action) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            if (report.Step == step)
                action();
            return TrainingDecision.Continue;
        }
    }

    private sealed class NoMore : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report) => throw new InvalidOperationException("The run had ended.");
    }

    /// <summary>Makes the loss worse after a while.</summary>
    private sealed class Steep : TrainingCallback<float>, IResumable
    {
        private double _factor = 1;

        public override double RateFactor => _factor;

        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            _factor = report.Step > 12 ? -1 : 1;
            return TrainingDecision.Continue;
        }

        public void Save(StateWriter state) => state.Write("factor", _factor);

        public Action Load(StateReader state)
        {
            double factor = state.ReadNumber("factor");
            return () => _factor = factor;
        }
    }

    /// <summary>Pulls the first weights to where they were some steps before: state of every kind that decides what comes.</summary>
    private sealed class Wanderer(Model<float> model, int distance) : TrainingCallback<float>, IResumable
    {
        private readonly Matrix<double> _trace = new(2, 3);
        private ModelSnapshot<float>? _past;
        private List<TrainingPoint> _points = [];
        private string _mood = "Übermut \"";
        private long _steps = long.MinValue;

        public override double RateFactor => 1 + (0.01 * _points.Count) + (_mood.Length * 1e-3);

        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            _steps++;
            if (report.Step % distance == 0)
            {
                _past?.RestoreTo(report.Model);
                _past = ModelSnapshot<float>.Of(model);
                _mood = _mood.Length > 30 ? "" : _mood + report.Step;
            }
            _trace[1, 2] += report.Loss + (_steps * 1e-17);
            report.Model.Parameters[0].Value[0, 0] = (float)_trace[1, 2];
            return TrainingDecision.Continue;
        }

        public override TrainingDecision OnEvaluation(TrainingPoint point, Model<float> model)
        {
            _points.Add(point);
            return TrainingDecision.Continue;
        }

        public void Save(StateWriter state)
        {
            state.Write("distance", distance);
            state.Write("trace", _trace);
            state.WritePoints("points", _points);
            state.Write("mood", _mood);
            state.Write("steps", _steps);
            state.Write("has past", _past is not null);
            if (_past is not null)
                state.Below("the past").Write("snapshot", _past);
        }

        public Action Load(StateReader state)
        {
            state.Require("distance", distance);
            Matrix<double> trace = state.ReadMatrix<double>("trace", 2, 3);
            List<TrainingPoint> points = [.. state.ReadPoints("points")];
            string mood = state.ReadText("mood");
            long steps = state.ReadInteger("steps");
            ModelSnapshot<float>? past = state.ReadBoolean("has past") ? state.Below("the past").ReadSnapshot<float>("snapshot") : null;
            return () =>
            {
                trace.AsSpan().CopyTo(_trace.AsSpan());
                (_points, _mood, _steps, _past) = (points, mood, steps, past);
            };
        }
    }
}
