using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Models;

namespace DeepLearn.Training.Checkpoints;

/// <summary>
/// What tells a run from others, so that none goes on from the checkpoint of another: everything that its result is a function of.
/// </summary>
/// <param name="Fields">The things in order, each name once.</param>
internal sealed record RunIdentity(ValueList<(string Name, string Value)> Fields)
{
    private const string Callbacks = "callbacks";

    /// <summary>The run that is about to begin with a model, or began with it.</summary>
    public static RunIdentity Of<T>(
        Model<T> model, TrainingPlan plan, long totalSteps, Dataset trainingSet, Dataset? validationSet, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(
        [
            ("precision", typeof(T) == typeof(float) ? "float" : "double"),
            ("network", InvariantText.Of(model.Network)),
            ("input shape", model.InputShape.ToString()),
            ("initial parameters", model.Sha256()),
            ("steps", InvariantText.Of(totalSteps)),
            ("schedule", InvariantText.Of(plan.Schedule)),
            ("loss", InvariantText.Of(plan.Loss)),
            ("regularizer", InvariantText.Of(plan.Regularizer)),
            ("optimizer", InvariantText.Of(plan.Optimizer)),
            ("batch size", InvariantText.Of(plan.BatchSize)),
            ("seed", InvariantText.Of(plan.Seed)),
            ("normalization", plan.Normalization is null ? "none" : HashOf(plan.Normalization)),
            ("augmentation", InvariantText.Of(plan.Augmentation)),
            ("drop last", InvariantText.Of(plan.DropLast)),
            ("evaluation", InvariantText.Of(plan.Evaluation)),
            ("training set", DatasetFingerprint.Of<T>(trainingSet, workers)),
            ("validation set", validationSet is null ? "none" : DatasetFingerprint.Of<T>(validationSet, workers)),
        ]);

    /// <summary>The run with the callbacks that have something to remember.</summary>
    public RunIdentity With(IEnumerable<IResumable> callbacks) =>
        new([.. Fields, (Callbacks, string.Join(", ", callbacks.Select(callback => callback.GetType().Name.Split('`')[0])))]);

    public void Save(StateWriter state)
    {
        foreach ((string name, string value) in Fields)
            state.Write(name, value);
    }

    /// <summary>Throws unless a checkpoint is of this run; the exception names the first difference.</summary>
    public void RequireSame(StateReader state)
    {
        foreach ((string name, string value) in Fields)
            state.Require(name, value);
    }

    private static string HashOf(Normalization normalization)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(normalization.Mean.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(normalization.StandardDeviation.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
