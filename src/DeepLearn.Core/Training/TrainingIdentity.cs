using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Training;

/// <summary>The identity of a run of training, and how a checkpoint keeps it.</summary>
internal static class TrainingIdentity
{
    private const string Callbacks = "callbacks";

    /// <summary>The identity of the run that is about to begin with a model, or began with it.</summary>
    /// <remarks>
    /// Every property of <see cref="TrainingPlan"/> that changes a bit of the result is here, but for its length: a run may be
    /// made longer. A test over its properties holds this so.
    /// </remarks>
    public static RunIdentity Of<T>(
        Model<T> model, TrainingPlan plan, Dataset trainingSet, Dataset? validationSet, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(
        [
            new("precision", typeof(T) == typeof(float) ? "float" : "double"),
            new("network", InvariantText.Of(model.Network)),
            new("input shape", model.InputShape.ToString()),
            new("initial parameters", model.Sha256()),
            new("schedule", InvariantText.Of(plan.Schedule)),
            new("loss", InvariantText.Of(plan.Loss)),
            new("evaluation loss", InvariantText.Of(plan.EvaluationLoss)),
            new("regularizer", InvariantText.Of(plan.Regularizer)),
            new("optimizer", InvariantText.Of(plan.Optimizer)),

            // Where there are none, checkpoints of versions that knew of none go on.
            .. plan.Parameters.Count == 0 ? [] : new IdentityField[] { new("parameters", InvariantText.Of(plan.Parameters)) },
            new("batch size", InvariantText.Of(plan.BatchSize)),
            new("seed", InvariantText.Of(plan.Seed)),
            new("normalization", plan.Normalization is null ? "none" : HashOf(plan.Normalization)),
            new("target scaling", plan.TargetScaling is null ? "none" : HashOf(plan.TargetScaling)),
            new("augmentation", InvariantText.Of(plan.Augmentation)),
            new("drop last", InvariantText.Of(plan.DropLast)),
            new("evaluation", InvariantText.Of(plan.Evaluation)),
            new("training set", DatasetFingerprint.Of(trainingSet, workers)),
            new("validation set", validationSet is null ? "none" : DatasetFingerprint.Of(validationSet, workers)),
        ]);

    /// <summary>The run with the callbacks that have something to remember.</summary>
    public static RunIdentity With(this RunIdentity identity, IEnumerable<IResumable> callbacks)
    {
        string names = string.Join(", ", callbacks.Select(callback => callback.GetType().Name.Split('`')[0]));
        return new([.. identity.Fields, new(Callbacks, names)]);
    }

    /// <summary>Writes the identity into a checkpoint.</summary>
    public static void Save(this RunIdentity identity, StateWriter state)
    {
        foreach ((string name, string value) in identity.Fields)
            state.Write(name, value);
    }

    /// <summary>Throws unless a checkpoint is of this run; the exception names the first difference.</summary>
    public static void RequireSame(this RunIdentity identity, StateReader state)
    {
        foreach ((string name, string value) in identity.Fields)
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
