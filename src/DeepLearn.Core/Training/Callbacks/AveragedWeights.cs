using System.Numerics;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Tensors;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Training.Callbacks;

/// <summary>
/// Follows training with a moving average of the weights, which the model is given when training has ended (Polyak and Juditsky,
/// "Acceleration of Stochastic Approximation by Averaging", 1992).
/// </summary>
/// <remarks>
/// What the trainer measures on the way is the model with its own weights; the model with the average is measured at the end:
/// <see cref="TrainingResult.Final"/>. One callback may serve several runs of its model, and then goes on averaging.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// var averaged = new AveragedWeights&lt;float&gt;(model, new WeightAveraging(decay: 0.99));
/// trainer.Callbacks.Add(averaged);
/// TrainingResult averages = trainer.Run();
/// Console.WriteLine($"{averages.Final!.Training.Accuracy:p1} by the averages");
/// </code></example>
public sealed class AveragedWeights<T> : TrainingCallback<T>, IResumable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Model<T> _model;

    /// <summary>Makes a callback whose average begins at the weights as they are.</summary>
    /// <param name="model">The model that is going to be trained.</param>
    /// <param name="options">How the average is taken; null for a decay of 0.999.</param>
    /// <param name="replacesWeights">
    /// Whether the model is given the average when training ends. If not, that is the caller's to do, from <see cref="Average"/>. Default
    /// true.
    /// </param>
    public AveragedWeights(Model<T> model, WeightAveraging? options = null, bool replacesWeights = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        ReplacesWeights = replacesWeights;
        _model = model;
        Average = (options ?? new()).CreateRuntime(model.Parameters, model.Buffers);
    }

    /// <summary>The average.</summary>
    public WeightAverage<T> Average { get; }

    /// <inheritdoc/>
    public override bool ReplacesWeights { get; }

    /// <inheritdoc/>
    public override void OnEnd(Model<T> model)
    {
        if (ReplacesWeights && !Average.IsSwappedIn)
            Average.CopyToModel();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Another model is trained than the one whose weights are averaged.</exception>
    public override TrainingDecision OnStep(in StepReport<T> report)
    {
        if (!ReferenceEquals(report.Model, _model))
        {
            throw new InvalidOperationException(
                $"{nameof(AveragedWeights<>)} averages the weights of the model that it was made for; found another one in training.");
        }
        Average.Update(report.Step - 1);
        return TrainingDecision.Continue;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The averages stand in the place of the weights.</exception>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Average.IsSwappedIn)
        {
            throw new InvalidOperationException(
                "The averages stand in the place of the weights; swap them out before a checkpoint is written.");
        }
        state.Write("decay", Average.Options.Decay);
        state.Write("ramp", Average.Options.Ramp);
        foreach ((string name, Matrix<T> value) in Average.State)
            state.Write(name, value);
    }

    /// <inheritdoc/>
    public Action Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Require("decay", Average.Options.Decay);
        state.Require("ramp", Average.Options.Ramp);
        Matrix<T>[] averages =
            [.. Average.State.Select(average => state.ReadMatrix<T>(average.Name, average.Value.Rows, average.Value.Columns))];
        return () =>
        {
            for (int i = 0; i < averages.Length; i++)
                averages[i].AsSpan().CopyTo(Average.State[i].Value.AsSpan());
        };
    }
}
