using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Training;
using DeepLearn.Training.Checkpoints;
using Xunit;

namespace DeepLearn.Tests.Training.Checkpoints;

/// <summary>A run that is to be the same whether it is interrupted or not: how it is made, again and again, from the beginning.</summary>
public sealed record Interruption<T>(Layer Network, TrainingPlan Plan, Dataset Training, Dataset? Validation)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes the callbacks of a run.</summary>
    public Func<Model<T>, TrainingCallback<T>[]> Callbacks { get; init; } = _ => [];

    /// <summary>The trainer at the beginning, as a program makes it each time that it starts.</summary>
    public Trainer<T> Create(Checkpointing? checkpointing)
    {
        Model<T> model = Network.Build<T>(Training.ExampleShape, 1);
        var trainer = new Trainer<T>(model, Plan, Training, Validation) { Checkpointing = checkpointing };
        foreach (TrainingCallback<T> callback in Callbacks(model))
            trainer.Callbacks.Add(callback);
        return trainer;
    }

    /// <summary>The end of a run that nothing interrupts.</summary>
    public End Uninterrupted()
    {
        using Trainer<T> trainer = Create(null);
        return End.Of(trainer);
    }

    /// <summary>
    /// Dies in the middle of some steps, each time in a run that was made anew and taken up from the checkpoint; then comes to its end.
    /// </summary>
    public End KilledAt(Checkpointing checkpointing, params long[] steps)
    {
        foreach (long step in steps)
        {
            using Trainer<T> doomed = Create(checkpointing);
            doomed.TryResume();
            doomed.Callbacks.Add(new Killer(step));
            Assert.Throws<Killed>(() => doomed.Run());
        }
        using Trainer<T> trainer = Create(checkpointing);
        Assert.True(trainer.TryResume());
        return End.Of(trainer);
    }

    /// <summary>What must be the same in the end.</summary>
    public sealed record End(string Sha256, TrainingResult Result, string Callbacks)
    {
        public static End Of(Trainer<T> trainer)
        {
            TrainingResult result = trainer.Run();
            return new(trainer.Model.Sha256(), result with { Seconds = 0 }, string.Join("; ", trainer.Callbacks.Select(Describe)));
        }

        private static string Describe(TrainingCallback<T> callback) => callback switch
        {
            DeepLearn.Training.Callbacks.EarlyStopping<T> { Best: { } best, BestPoint: { } point } => $"{Sha(best.Values)} {point}",
            DeepLearn.Training.Callbacks.AveragedWeights<T> averaged => Sha(
                averaged.Average.State.Select(state => (state.Name, state.Value))),
            DeepLearn.Training.Callbacks.SnapshotRecorder<T> recorder => string.Join(
                ", ", recorder.Snapshots.Select(snapshot => Sha(snapshot.Values))),
            _ => $"{callback.RateFactor}",
        };

        private static string Sha(IEnumerable<(string Name, DeepLearn.Tensors.Matrix<T> Value)> values)
        {
            using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
            foreach ((string name, DeepLearn.Tensors.Matrix<T> value) in values)
            {
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
                hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(value.AsSpan()));
            }
            return Convert.ToHexString(hash.GetHashAndReset());
        }
    }

    private sealed class Killed : Exception;

    private sealed class Killer(long step) : TrainingCallback<T>
    {
        public override TrainingDecision OnStep(in StepReport<T> report) =>
            report.Step == step ? throw new Killed() : TrainingDecision.Continue;
    }
}
