using DeepLearn.Data;
using DeepLearn.Data.Augmentation;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Tests.Data;
using DeepLearn.Tests.Losses;
using DeepLearn.Tests.Optimizers;
using DeepLearn.Tests.Regularizers;
using DeepLearn.Tests.Samples;
using DeepLearn.Tests.Schedules;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using DeepLearn.Training.Checkpoints;
using Xunit;

namespace DeepLearn.Tests.Training.Checkpoints;

/// <summary>
/// A checkpoint of another run, or a damaged one, is refused before anything is changed.
/// Alone, since it leaves much to collect to whoever counts bytes beside it.
/// </summary>
[Collection(Alone.Name)]
public sealed class RefusalTests : IDisposable
{
    private static readonly ByteDataset Data = SmallData.Bytes(60, new Shape(4, 3, 1), classes: 3);

    private static readonly TrainingPlan Plan = TrainingData.Plan with
    {
        Schedule = new TriangularSchedule(1e-4, 1e-1, 8),
        Normalization = Normalization.PerFeature(Data),
        Optimizer = new Sgd { Momentum = 0.9 },
    };

    private static readonly Interruption<float> Run = new(TrainingData.Network, Plan, Data, Data.Take(20)) { Callbacks = Observers };

    private static readonly TriangularSchedule Higher = new(1e-4, 0.2, 8);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<Other> Others =>
    [
        new Other("run/network", Run with { Network = new Sequential(new Dense(9), new Tanh(), new Dense(3)) }, ["Relu", "Tanh"]),
        new Other("run/network", Run with { Network = new Sequential(new Dense(8), new Relu(), new Dense(3)) }, ["Units = 9", "Units = 8"]),
        new Other(
            "run/network",
            Run with
            {
                Network = new Sequential(new Dense(9) { Weights = DeepLearn.Parameters.NormalInitializer.Glorot }, new Relu(), new Dense(3))
            },
            ["Automatic", "Glorot normal"]),
        new Other(
            "run/initial parameters",
            Run with { Network = new Sequential(new Dense(9) { Weights = new PrintsAutomatic() }, new Relu(), new Dense(3)) }, []),
        new Other("progress/steps", With(Plan with { Length = TrainingLength.Steps(1) }), ["at most 1, where the plan ends"]),
        new Other(
            "run/schedule",
            Changed(3, () => new SnapshotRecorder<float>(Higher)) with { Plan = Plan with { Schedule = Higher } },
            ["0.2", "0.1"]),
        new Other("run/loss", With(Plan with { Loss = new MulticlassHinge() }), ["MulticlassHinge", "SoftmaxCrossEntropy"]),
        new Other("run/evaluation loss", With(Plan with { EvaluationLoss = new MulticlassHinge() }), ["MulticlassHinge", "none"]),
        new Other("run/regularizer", With(Plan with { Regularizer = new L2(0.002) }), ["0.002", "0.001"]),
        new Other("run/optimizer", With(Plan with { Optimizer = new Sgd { Momentum = 0.8 } }), ["0.8", "0.9"]),
        new Other(
            "run/parameters", With(Plan with { Parameters = [new("dense1/*") { Freezes = true }] }), ["nothing"]),
        new Other("run/batch size", With(Plan with { BatchSize = 17 }), ["17", "16"]),
        new Other("run/seed", With(Plan with { Seed = 4 }), ["\"4\"", "\"3\""]),
        new Other("run/normalization", With(Plan with { Normalization = null }), ["none"]),
        new Other("run/normalization", With(Plan with { Normalization = Normalization.UnitRange(12) }), []),
        new Other("run/augmentation", With(Plan with { Augmentation = new HorizontalFlip(0.25) }), ["0.25", "none"]),
        new Other("run/drop last", With(Plan with { DropLast = true }), []),
        new Other("run/evaluation", With(Plan with { Evaluation = new() { Every = 11, AtStart = true } }), ["11", "10"]),
        new Other("run/training set", Run with { Training = Data.Slice(1, 59) }, ["59 examples", "60 examples"]),
        new Other("run/training set", Run with { Training = Data.Subset([.. Enumerable.Range(0, 60).Reverse()]) }, ["60 examples"]),
        new Other(
            "run/training set", Run with { Training = SmallData.Bytes(60, new Shape(4, 3, 1), classes: 3, seed: 2) }, ["60 examples"]),
        new Other("run/validation set", Run with { Validation = null }, ["none", "20 examples"]),
        new Other("run/validation set", Run with { Validation = Data.Take(21) }, ["21 examples", "20 examples"]),
        new Other(
            "run/callbacks", Run with { Callbacks = model => Observers(model)[1..] },
            ["\"ReduceOnPlateau, AveragedWeights, SnapshotRecorder\"", "\"EarlyStopping, Reduce"]),
        new Other("run/callbacks", Run with { Callbacks = model => [.. Observers(model).Reverse()] }, []),
        new Other(
            "callback 1/patience", Run with { Callbacks = model => [new EarlyStopping<float>(51), .. Observers(model)[1..]] },
            ["51", "50"]),
        new Other(
            "callback 1/minimum change",
            Run with { Callbacks = model => [new EarlyStopping<float>(50, 0.25), .. Observers(model)[1..]] },
            ["0.25", "\"0\""]),
        new Other(
            "callback 1/restores best",
            Run with { Callbacks = model => [new EarlyStopping<float>(50, restoresBest: true), .. Observers(model)[1..]] },
            ["true", "false"]),
        new Other(
            "callback 1/higher is better",
            ChangedFor(0, _ => new EarlyStopping<float>(50, point => -point.Training.Loss, higherIsBetter: true)),
            ["true", "false"]),
        new Other(
            "callback 1/measure of the best point",
            ChangedFor(0, _ => new EarlyStopping<float>(50, point => point.Training.Loss, higherIsBetter: false)), ["after step"]),
        new Other("callback 2/cool-down", Changed(1, () => new ReduceOnPlateau<float>(0.5, 3, 0.2, 0.1, 2)), ["\"2\"", "\"0\""]),
        new Other("callback 2/factor", Changed(1, () => new ReduceOnPlateau<float>(0.4, 3, 0.2, 0.1)), ["0.4", "0.5"]),
        new Other("callback 2/patience", Changed(1, () => new ReduceOnPlateau<float>(0.5, 4, 0.2, 0.1)), ["4", "3"]),
        new Other("callback 2/threshold", Changed(1, () => new ReduceOnPlateau<float>(0.5, 3, 0.3, 0.1)), ["0.3", "0.2"]),
        new Other("callback 2/smallest", Changed(1, () => new ReduceOnPlateau<float>(0.5, 3, 0.2, 0)), ["\"0\"", "0.1"]),
        new Other(
            "callback 3/decay",
            ChangedFor(2, model => new AveragedWeights<float>(model, new(0.8), replacesWeights: false)),
            ["0.8", "0.9"]),
        new Other(
            "callback 3/ramp",
            ChangedFor(2, model => new AveragedWeights<float>(model, new(0.9) { Ramp = true }, replacesWeights: false)),
            ["true", "false"]),
    ];

    private string File => _folder["run.checkpoint"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Others))]
    public void Checkpoint_of_another_run_is_refused_and_names_the_difference(Other other)
    {
        Write();
        Interruption<float> run = other.Run;
        Interruption<float>.End expected = run.Uninterrupted();
        using Trainer<float> trainer = run.Create(new(File));
        string before = trainer.Model.Sha256();
        var exception = Assert.Throws<IdentityMismatchException>(() => trainer.TryResume());
        Assert.Equal(other.Field, exception.Field);
        Assert.Contains(File, exception.Message);
        Assert.All(other.Shown, part => Assert.Contains(part, exception.Message));
        Assert.Equal(before, trainer.Model.Sha256());
        Assert.Equal(0, trainer.StepsDone);

        // Nothing has been changed: the run is that of a fresh trainer. It does not write over what is another's, though.
        Assert.Throws<IOException>(() => trainer.Run());
        System.IO.File.Delete(File);
        Assert.Equal(expected, Interruption<float>.End.Of(trainer));
    }

    /// <summary>Such a run cannot begin either, so that there is nothing that it would end as.</summary>
    [Fact]
    public void Checkpoint_of_a_recorder_of_another_schedule_is_refused_and_names_the_difference()
    {
        Write();
        Interruption<float> run = Changed(3, () => new SnapshotRecorder<float>(new TriangularSchedule(1e-4, 1e-1, 9)));
        using Trainer<float> trainer = run.Create(new(File));
        string before = trainer.Model.Sha256();
        var exception = Assert.Throws<IdentityMismatchException>(() => trainer.TryResume());
        Assert.Equal("callback 4/schedule", exception.Field);
        Assert.Contains("9", exception.Message);
        Assert.Contains("8", exception.Message);
        Assert.Equal(before, trainer.Model.Sha256());
        Assert.Contains("StepSize = 9", Assert.Throws<InvalidOperationException>(() => trainer.Run()).Message);
    }

    /// <summary>
    /// A new property of the plan joins by a row of <see cref="Others"/>, or by being named here as one that changes no bit.
    /// </summary>
    [Fact]
    public void RunIdentity_every_property_of_the_plan_is_part_of_it_or_changes_no_bit()
    {
        TrainingPlan[] plans = [.. Others.Select(row => row.Data.Run.Plan)];
        foreach (System.Reflection.PropertyInfo property in typeof(TrainingPlan).GetProperties())
        {
            // A scaling of targets needs other data: TargetScalingTests.
            bool hasRow = property.Name == nameof(TrainingPlan.TargetScaling)
                || plans.Any(plan => !Equals(property.GetValue(plan), property.GetValue(Plan)));
            Assert.True(
                hasRow != property.Name is nameof(TrainingPlan.Prefetch), $"TrainingPlan.{property.Name} has {(hasRow ? "a" : "no")} row.");
        }
    }

    [Fact]
    public void Checkpoint_of_another_weight_seed_or_precision_is_refused()
    {
        Write();
        using var seeded = new Trainer<float>(TrainingData.Network.Build<float>(Data.ExampleShape, 2), Plan, Data, Data.Take(20))
        { Checkpointing = new(File) };
        Assert.Equal("run/initial parameters", Assert.Throws<IdentityMismatchException>(() => seeded.TryResume()).Field);
        using Trainer<double> precise = new Interruption<double>(TrainingData.Network, Plan, Data, Data.Take(20)).Create(new(File));
        Assert.Equal("run/precision", Assert.Throws<IdentityMismatchException>(() => precise.TryResume()).Field);
    }

    [Fact]
    public void Checkpoint_resumes_with_other_threads_prefetch_and_intervals()
    {
        Interruption<float>.End expected = Run.Uninterrupted();
        Write();
        using var workers = new WorkerPool(2);
        Model<float> model = TrainingData.Network.Build<float>(Data.ExampleShape, 1);
        using var trainer =
            new Trainer<float>(
                model, Plan with { Prefetch = 2 }, Data.Take(60), Dataset.Concatenate(Data.Take(10), Data.Slice(10, 10)), workers)
            {
                Checkpointing = new(File) { Every = 7, Interval = Timeout.InfiniteTimeSpan },
            };
        foreach (TrainingCallback<float> callback in Observers(model))
            trainer.Callbacks.Add(callback);
        Assert.True(trainer.TryResume());
        Assert.Equal(expected, Interruption<float>.End.Of(trainer));
    }

    [Fact]
    public void Checkpoint_written_in_one_culture_resumes_in_another()
    {
        var culture = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            Write();
            var comma = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            comma.NumberFormat.NegativeSign = "minus";
            System.Globalization.CultureInfo.CurrentCulture = comma;
            using Trainer<float> trainer = Run.Create(new(File));
            Assert.True(trainer.TryResume());
            trainer.SaveCheckpoint();
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = culture;
        }
        using Trainer<float> again = Run.Create(new(File));
        Assert.True(again.TryResume());
    }

    [Fact]
    public void InvariantText_of_different_specifications_is_different()
    {
        AssertDistinct(ScheduleCase.All.Select(row => row.Schedule));
        AssertDistinct(OptimizerCase.All.Select(row => row.Optimizer));
        AssertDistinct(LossCase.All.Select(row => Make(row)));
        AssertDistinct(RegularizerCase.All.Select(row => row.Regularizer));

        static Loss Make(LossCase row)
        {
            RandomStream random = RandomKey.FromSeed(1).Open();
            return row.Make(3, ref random);
        }

        static void AssertDistinct<TSpecification>(IEnumerable<TSpecification> values)
            where TSpecification : notnull
        {
            TSpecification[] distinct = [.. values.Distinct()];
            Assert.Equal(distinct.Length, distinct.Select(value => InvariantText.Of(value)).Distinct().Count());
        }
    }

    [Fact]
    public void Checkpoint_damaged_anywhere_is_refused_and_leaves_the_model_unchanged()
    {
        Write();
        byte[] whole = System.IO.File.ReadAllBytes(File);
        var random = new Random(1);
        using Trainer<float> trainer = Run.Create(new(File));
        string before = trainer.Model.Sha256();
        for (int length = 0; length < whole.Length; length += 1 + random.Next(whole.Length / 60))
            Refused(whole[..length]);
        for (int at = 0; at < whole.Length; at += 1 + random.Next(whole.Length / 300))
        {
            byte[] changed = [.. whole];
            changed[at] ^= (byte)(1 << random.Next(8));
            Refused(changed);
        }
        Refused([.. whole, 0]);
        Refused([]);
        trainer.Model.Save(File);
        Assert.Contains("is not a checkpoint", Assert.Throws<InvalidDataException>(() => trainer.TryResume()).Message);
        System.IO.File.WriteAllBytes(File, whole);
        Assert.True(trainer.TryResume());

        void Refused(byte[] bytes)
        {
            System.IO.File.WriteAllBytes(File, bytes);
            var exception = Assert.Throws<InvalidDataException>(() => trainer.TryResume());
            Assert.Contains(File, exception.Message);
            Assert.Equal(before, trainer.Model.Sha256());
        }
    }

    [Fact]
    public void Checkpoint_refused_by_a_callback_leaves_the_trainer_unchanged()
    {
        Interruption<float> run = Run with { Callbacks = model => [.. Observers(model), new Unhappy(false)] };
        using (Trainer<float> trainer = run.Create(new(File) { Every = 5 }))
            trainer.Run();
        Interruption<float> unhappy = run with { Callbacks = model => [.. Observers(model), new Unhappy(true)] };
        using Trainer<float> again = unhappy.Create(new(File));
        Assert.Throws<InvalidTimeZoneException>(() => again.TryResume());
        System.IO.File.Delete(File);
        Assert.Equal(unhappy.Uninterrupted(), Interruption<float>.End.Of(again));

        // What nobody asks for is a sign of another version of the callback.
        System.IO.File.Delete(File);
        using (Trainer<float> trainer = run.Create(new(File)))
            trainer.Run();
        using Trainer<float> careless = (run with { Callbacks = model => [.. Observers(model), new Unhappy(null)] }).Create(new(File));
        Assert.Equal("callback 5/a", Assert.Throws<IdentityMismatchException>(() => careless.TryResume()).Field);
    }

    [Fact]
    public void Checkpoint_of_another_measure_with_the_same_best_is_refused_by_the_last_evaluation()
    {
        TrainingPlan plan = Plan with { Evaluation = new() { Every = 10 }, Length = TrainingLength.Steps(40) };
        Interruption<float> run = Run with { Plan = plan, Callbacks = _ => [Watching(point => Math.Abs(point.Step - 10))] };
        using (Trainer<float> trainer = run.Create(new(File)))
            trainer.Run();
        Interruption<float> other = run with { Callbacks = _ => [Watching(point => point.Step == 10 ? 0 : 7)] };
        using Trainer<float> refused = other.Create(new(File));
        var exception = Assert.Throws<IdentityMismatchException>(() => refused.TryResume());
        Assert.Equal("callback 1/measure of the last point", exception.Field);
        Assert.Contains("\"7 of the evaluation after step 40, by this run's measure\"", exception.Message);
        Assert.Contains("\"30\"", exception.Message);
        using Trainer<float> same = run.Create(new(File));
        Assert.True(same.TryResume());

        static EarlyStopping<float> Watching(Func<TrainingPoint, double> measure) => new(50, measure, higherIsBetter: false);
    }

    private static TrainingCallback<float>[] Observers(Model<float> model) =>
    [
        new EarlyStopping<float>(50),
        new ReduceOnPlateau<float>(0.5, 3, 0.2, 0.1),
        new AveragedWeights<float>(model, new(0.9), replacesWeights: false),
        new SnapshotRecorder<float>(new TriangularSchedule(1e-4, 1e-1, 8)),
    ];

    private static Interruption<float> With(TrainingPlan plan) => Run with { Plan = plan };

    private static Interruption<float> Changed(int position, Func<TrainingCallback<float>> create) => ChangedFor(position, _ => create());

    private static Interruption<float> ChangedFor(int position, Func<Model<float>, TrainingCallback<float>> create) => Run with
    {
        Callbacks = model =>
        {
            TrainingCallback<float>[] all = Observers(model);
            all[position] = create(model);
            return all;
        },
    };

    private void Write()
    {
        using var cancellation = new CancellationTokenSource();
        using Trainer<float> trainer = Run.Create(new(File));
        trainer.Callbacks.Add(new CancelAt(19, cancellation));
        Assert.Throws<OperationCanceledException>(() => trainer.Run(cancellationToken: cancellation.Token));
    }

    /// <param name="Field">What is different, as the exception calls it.</param>
    /// <param name="Run">The other run.</param>
    /// <param name="Shown">What the message shows of the difference.</param>
    public sealed record Other(string Field, Interruption<float> Run, string[] Shown)
    {
        public override string ToString() => $"{Field} {string.Join(", ", Shown)}";
    }

    private sealed class CancelAt(long step, CancellationTokenSource cancellation) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            if (report.Step == step)
                cancellation.Cancel();
            return TrainingDecision.Continue;
        }
    }

    private sealed class Unhappy(bool? fails) : TrainingCallback<float>, IResumable
    {
        public void Save(StateWriter state) => state.Write("a", 1L);

        public Action Load(StateReader state)
        {
            if (fails is not null)
                state.ReadInteger("a");
            return fails == true ? throw new InvalidTimeZoneException() : () => { };
        }
    }

    private sealed record PrintsAutomatic : DeepLearn.Parameters.Initializer
    {
        public override void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination) =>
            DeepLearn.Parameters.NormalInitializer.LeCun.Fill(fanIn, fanOut, key, destination);

        public override string ToString() => "Automatic";
    }
}
