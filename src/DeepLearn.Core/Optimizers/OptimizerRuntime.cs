using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Optimizers;

/// <summary>
/// The runtime of an <see cref="Optimizer"/>. It owns what the method remembers from step to step (momenta, averages) and makes one pass
/// over each parameter a step. It allocates nothing after it is made. One caller at a time.
/// </summary>
/// <remarks>
/// <para>
/// A simple optimizer writes one method, <see cref="Update"/>. Three optional interfaces make a step faster, or see more of it:
/// <see cref="IPenaltyFusingOptimizer{T}"/> adds penalties within the same pass, <see cref="IAccumulatingOptimizer{T}"/> lets a matrix
/// product make the update itself, and <see cref="IPreparingOptimizer{T}"/> looks at all gradients first.
/// </para>
/// <para>
/// A step is <see cref="BeginStep"/> once, when every gradient is there, and then <see cref="UpdateParameter"/> for each parameter, in any
/// order; <see cref="Step"/> does both. A step depends on the parameters, the gradients, <see cref="State"/> and the arguments alone. So a
/// runtime whose state has been restored goes on to the same bits.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class OptimizerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The runtime for the given parameters.</summary>
    /// <param name="parameters">The parameters of the model.</param>
    protected OptimizerRuntime(IReadOnlyList<Parameter<T>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (Parameter<T> parameter in parameters)
            ArgumentNullException.ThrowIfNull(parameter, nameof(parameters));
        Parameters = parameters;
    }

    /// <summary>The parameters that it updates.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>
    /// The threads that share the update of a large parameter; they do not change its result. Default: the calling one alone.
    /// </summary>
    public virtual WorkerPool Workers { get; set => field = PropertyGuard.NotNull(value); } = WorkerPool.Single;

    /// <summary>What it remembers, in a fixed order. A checkpoint saves it, and restores it by writing to it. By default nothing.</summary>
    public virtual IReadOnlyList<StateBuffer<T>> State => [];

    /// <summary>
    /// Whether it updates a parameter. One that it does not, a frozen one, has no gradient: whoever trains neither computes it nor adds
    /// penalties to it. Always the same answer; by default yes.
    /// </summary>
    /// <param name="index">The position of the parameter in <see cref="Parameters"/>.</param>
    public virtual bool Updates(int index) => true;

    /// <summary>
    /// Updates one parameter from its gradient, which holds the loss's and every penalty's. The gradient may be overwritten.
    /// </summary>
    /// <param name="index">The position of the parameter in <see cref="Parameters"/>.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">The number of updates made before this one.</param>
    public abstract void Update(int index, double rate, long step);

    /// <summary>
    /// Begins a step, when every gradient is there. Penalties that the runtime does not fuse are added to the gradients; then it looks at
    /// them, if it is one that does.
    /// </summary>
    /// <param name="penalties">
    /// For each parameter the gradient of its penalty, other terms of which the gradients hold already; none where the parameter has been
    /// updated by the backward pass.
    /// </param>
    /// <param name="step">The number of updates made before this one.</param>
    /// <exception cref="ArgumentException">There are not as many penalties as parameters. Nothing has been changed then.</exception>
    public void BeginStep(ReadOnlySpan<PenaltyGradient> penalties, long step)
    {
        if (penalties.Length != Parameters.Count)
        {
            throw new ArgumentException(
                $"{Parameters.Count} parameters need as many penalties; found {penalties.Length}.", nameof(penalties));
        }
        bool fuses = this is IPenaltyFusingOptimizer<T>;
        for (int i = 0; i < penalties.Length && !fuses; i++)
        {
            if (Updates(i) && (penalties[i].Linear != 0 || penalties[i].Sign != 0))
                penalties[i].AddTo<T>(Parameters[i].Value.View, Parameters[i].Gradient.View);
        }
        (this as IPreparingOptimizer<T>)?.Prepare(fuses ? penalties : default, step);
    }

    /// <summary>Updates one parameter in a step that <see cref="BeginStep"/> has begun.</summary>
    /// <param name="index">The position of the parameter in <see cref="Parameters"/>.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="penalty">What <see cref="BeginStep"/> was given for the parameter.</param>
    /// <param name="step">The number of updates made before this one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public void UpdateParameter(int index, double rate, PenaltyGradient penalty, long step)
    {
        if ((uint)index >= (uint)Parameters.Count)
            throw new ArgumentOutOfRangeException(nameof(index), index,
                $"The position of a parameter is from 0 to {Parameters.Count - 1}.");
        if (this is IPenaltyFusingOptimizer<T> fusing)
            fusing.UpdateWithPenalty(index, rate, penalty, step);
        else
            Update(index, rate, step);
    }

    /// <summary>Makes a whole step: <see cref="BeginStep"/>, then <see cref="UpdateParameter"/> for each parameter in order.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="penalties">For each parameter the gradient of its penalty, other terms of which the gradients hold already.</param>
    /// <param name="step">The number of updates made before this one.</param>
    /// <exception cref="ArgumentException">There are not as many penalties as parameters. Nothing has been changed then.</exception>
    public void Step(double rate, ReadOnlySpan<PenaltyGradient> penalties, long step)
    {
        BeginStep(penalties, step);
        for (int i = 0; i < penalties.Length; i++)
            UpdateParameter(i, rate, penalties[i], step);
    }

    /// <summary>Makes a buffer of zeros for each parameter, of its shape, to be remembered from step to step.</summary>
    /// <param name="name">
    /// What it holds, as in <c>velocity</c>; the buffer of <c>dense1/weights</c> is then <c>dense1/weights/velocity</c>.
    /// </param>
    /// <returns>The buffers, in the order of the parameters; an array of the caller's own.</returns>
    protected StateBuffer<T>[] CreateState(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return [.. Parameters.Select(parameter =>
            new StateBuffer<T>($"{parameter.Name}/{name}", new Matrix<T>(parameter.Value.Rows, parameter.Value.Columns)))];
    }
}
