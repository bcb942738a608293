using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;

namespace DeepLearn.Training;

/// <summary>
/// One update of a model, and the only place that knows its order: forward, loss with its gradient, backward, penalty, update, constraint.
/// It allocates nothing. One caller at a time; a second one is refused.
/// </summary>
/// <remarks>
/// Where the optimizer's update has two factors (plain gradient descent) and the penalty's gradient is linear, the backward pass
/// accumulates each weight's update straight into the weight, with no gradient between. Otherwise the optimizer makes one pass over each
/// parameter. A parameter that the optimizer does not update, a frozen one, has no gradient, no penalty and no constraint.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// // A loop of your own, a step at a time.
/// var step = new TrainingStep&lt;float&gt;(model, new SoftmaxCrossEntropy(), Regularizer.None, new Sgd(), capacity: 100);
/// using var loader = new BatchLoader&lt;float&gt;(training, batchSize: 100, RandomKey.FromSeed(1));
/// for (long number = 0; number &lt; 3; number++)
/// {
///     Batch&lt;float&gt; batch = loader.Next();
///     double loss = step.Run(batch, Targets&lt;float&gt;.FromLabels(batch.LabelView), rate: 1e-4, number, RandomKey.FromSeed(2));
/// }
/// </code></example>
public sealed class TrainingStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double TinyRate = 1e-300;

    private readonly SoleUse _use = new("The training step", "Updates are made one after the other.");

    private readonly Loss _loss;
    private readonly Regularization<T> _regularization;
    private readonly OptimizerRuntime<T> _optimizer;
    private readonly IReadOnlyList<Parameter<T>> _parameters;
    private readonly IAccumulatingOptimizer<T>? _accumulating;
    private readonly bool[] _mayBeDirect;
    private readonly bool[] _direct;
    private readonly GradientTarget<T>[] _targets;

    // What the optimizer is given of each parameter's penalty: nothing where the backward pass makes the whole update.
    private readonly PenaltyGradient[] _penalties;

    /// <summary>The step of a model.</summary>
    /// <param name="model">The model that is trained.</param>
    /// <param name="loss">The loss that training minimizes.</param>
    /// <param name="regularizer">The penalty that is added to it.</param>
    /// <param name="optimizer">How a gradient changes the parameters.</param>
    /// <param name="capacity">The largest number of examples of a batch, at least 1.</param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    public TrainingStep(Model<T> model, Loss loss, Regularizer regularizer, Optimizer optimizer, int capacity, WorkerPool? workers = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(regularizer);
        ArgumentNullException.ThrowIfNull(optimizer);
        Model = model;
        _loss = loss;
        _parameters = model.Parameters;
        _regularization = new(regularizer, _parameters);
        _optimizer = optimizer.CreateRuntime(_parameters);
        _optimizer.Workers = workers ?? WorkerPool.Single;
        _accumulating = _optimizer is IPreparingOptimizer<T> ? null : _optimizer as IAccumulatingOptimizer<T>;
        Workspace = model.CreateWorkspace(capacity, RunMode.Training, workers);
        _mayBeDirect = new bool[_parameters.Count];
        _direct = new bool[_parameters.Count];
        _targets = new GradientTarget<T>[_parameters.Count];
        _penalties = _regularization.Gradients.ToArray();
        for (int i = 0; i < _direct.Length; i++)
        {
            if (!_optimizer.Updates(i))
            {
                _targets[i] = GradientTarget<T>.Unwanted;
                _penalties[i] = PenaltyGradient.None;
                continue;
            }
            _mayBeDirect[i] = !_penalties[i].HasOther && IsDirectAt(0, i);

            // A gradient is made now unless none will be needed, so that no step has to: a tiny rate is what an optimizer may decline.
            bool isAlways = _mayBeDirect[i] && IsDirectAt(TinyRate, i);
            _targets[i] = new(isAlways ? _parameters[i].Value : _parameters[i].Gradient, T.One, T.Zero);
        }
    }

    /// <summary>The model that is trained.</summary>
    public Model<T> Model { get; }

    /// <summary>The working memory; its outputs are those of the last batch before its update.</summary>
    public ModelWorkspace<T> Workspace { get; }

    /// <summary>What the optimizer remembers from step to step.</summary>
    public IReadOnlyList<StateBuffer<T>> OptimizerState => _optimizer.State;

    /// <summary>The number of elements of the gradients that take memory; the others are accumulated straight into the values.</summary>
    internal long GradientCount => _parameters.Where(parameter => parameter.HasGradient).Sum(parameter => (long)parameter.Value.Count);

    /// <summary>Makes one update.</summary>
    /// <param name="examples">The examples, <c>[batch, features]</c>.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">The number of updates made before this one.</param>
    /// <param name="noise">The name of this step's random numbers.</param>
    /// <returns>The mean loss of the batch before the update, without penalty.</returns>
    /// <exception cref="TrainingDivergedException">
    /// The loss is not finite. No parameter has been updated then; what the forward pass keeps (the running averages of a batch
    /// normalization) has.
    /// </exception>
    public double Run(LayerInput<T> examples, Targets<T> targets, double rate, long step, RandomKey noise)
    {
        using SoleUse.Scope use = _use.Begin();
        Workspace.SetNoise(noise);
        double loss = Compare(Workspace.Forward(examples), targets, rate, step);
        Workspace.Backward(examples, TargetsAt(rate));
        Update(rate, step);
        return loss;
    }

    /// <summary>Makes one update with a batch, which gives bytes or numbers, whichever the model reads.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">The number of updates made before this one.</param>
    /// <param name="noise">The name of this step's random numbers.</param>
    /// <returns>The mean loss of the batch before the update, without penalty.</returns>
    /// <exception cref="TrainingDivergedException">
    /// The loss is not finite. No parameter has been updated then; what the forward pass keeps (the running averages of a batch
    /// normalization) has.
    /// </exception>
    public double Run(Batch<T> examples, Targets<T> targets, double rate, long step, RandomKey noise)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return Run(examples.InputFor(Model.ReadsBytes), targets, rate, step, noise);
    }

    private double Compare(ReadOnlyMatrixView<T> outputs, Targets<T> targets, double rate, long step)
    {
        double loss = _loss.Compute(outputs, targets, Workspace.OutputGradient);
        if (!double.IsFinite(loss))
            throw new TrainingDivergedException("loss", step, loss, rate);
        return loss;
    }

    /// <summary>Where the gradients go: a factor and another for the values that the backward pass itself updates.</summary>
    private GradientTargets<T> TargetsAt(double rate)
    {
        ReadOnlySpan<PenaltyGradient> penalties = _regularization.Gradients;
        for (int i = 0; i < _direct.Length; i++)
        {
            if (!_mayBeDirect[i])
                continue;
            _direct[i] = _accumulating!.TryGetDirectUpdate(i, rate, penalties[i], out T scale, out T keep);
            _targets[i] = _direct[i] ? new(_parameters[i].Value, scale, keep) : new(_parameters[i].Gradient, T.One, T.Zero);
            _penalties[i] = _direct[i] ? PenaltyGradient.None : penalties[i];
        }
        return _targets;
    }

    private bool IsDirectAt(double rate, int index) =>
        _accumulating is not null && _accumulating.TryGetDirectUpdate(index, rate, _regularization.Gradients[index], out _, out _);

    private void Update(double rate, long step)
    {
        for (int i = 0; i < _direct.Length; i++)
        {
            if (!_direct[i] && _targets[i].IsWanted)
                _regularization.AddOtherGradient(i);
        }
        _optimizer.BeginStep(_penalties, step);
        for (int i = 0; i < _direct.Length; i++)
        {
            if (!_targets[i].IsWanted)
                continue;
            if (!_direct[i])
                _optimizer.UpdateParameter(i, rate, _penalties[i], step);
            _regularization.Project(i);
        }
    }
}
