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
            new("precision", TypeNames.Of<T>()),
            new("network", PartText.Of(model.Network)),
            new("input shape", model.InputShape.ToString()),
            new("initial parameters", model.Sha256()),
            new("schedule", PartText.Of(plan.Schedule)),
            new("loss", PartText.Of(plan.Loss)),
            new("evaluation loss", PartText.Of(plan.EvaluationLoss)),
            new("regularizer", PartText.Of(plan.Regularizer)),
            new("optimizer", PartText.Of(plan.Optimizer)),

            // Where there are none, checkpoints of versions that knew of none go on.
            .. plan.Parameters.Count == 0 ? [] : new IdentityField[] { new("parameters", PartText.Of(plan.Parameters)) },
            new("batch size", InvariantText.Of(plan.BatchSize)),
            new("seed", InvariantText.Of(plan.Seed)),
            new("normalization", plan.Normalization is null ? "none" : HashOf(plan.Normalization)),
            new("target scaling", plan.TargetScaling is null ? "none" : HashOf(plan.TargetScaling)),
            new("augmentation", PartText.Of(plan.Augmentation)),
            new("drop last", InvariantText.Of(plan.DropLast)),
            new("evaluation", PartText.Of(plan.Evaluation)),
            new("training set", DatasetFingerprint.Of(trainingSet, workers)),
            new("validation set", validationSet is null ? "none" : DatasetFingerprint.Of(validationSet, workers)),
        ]);

    /// <summary>
    /// Throws where a part of the run cannot be told from another one by its text, so that a checkpoint of it is of others too.
    /// </summary>
    /// <exception cref="ArgumentException">A part says nothing of one of its options.</exception>
    public static void RequireTelling(object network, TrainingPlan plan)
    {
        PartText.RequireTelling("network", network);
        PartText.RequireTelling("schedule", plan.Schedule);
        PartText.RequireTelling("loss", plan.Loss);
        PartText.RequireTelling("evaluation loss", plan.EvaluationLoss);
        PartText.RequireTelling("regularizer", plan.Regularizer);
        PartText.RequireTelling("optimizer", plan.Optimizer);
        PartText.RequireTelling("augmentation", plan.Augmentation);
        PartText.RequireTelling("evaluation plan", plan.Evaluation);
    }

    /// <summary>The run with the callbacks that have something to remember.</summary>
    public static RunIdentity With(this RunIdentity identity, IEnumerable<IResumable> callbacks)
    {
        string names = string.Join(", ", callbacks.Select(callback => NameOf(callback.GetType())));
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

    // Two callbacks of yours may have one short name; the library's own have names of their own.
    private static string NameOf(Type type) =>
        (type.Assembly == typeof(TrainingIdentity).Assembly || type.FullName is null ? type.Name : type.FullName).Split('`')[0];

    private static string HashOf(Normalization normalization)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(normalization.Mean.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(normalization.StandardDeviation.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
