using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Optimizers;

/// <summary>
/// The runtime of an <see cref="Optimizer"/>: it owns what the method remembers from step to step (momenta, averages) and makes one
/// pass over each parameter a step. It allocates nothing after it is made. One caller at a time.
/// </summary>
/// <remarks>
/// A step is <see cref="Prepare"/> once, when every gradient is there, and then <see cref="Update"/> for each parameter, in any order;
/// <see cref="Step"/> does both. A parameter that the backward pass has updated directly is left out of the latter.
/// What a step does depends on nothing but the parameters, the gradients, <see cref="State"/> and the arguments, so that a runtime whose
/// state has been restored goes on to the same bits.
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
        Parameters = parameters;
    }

    /// <summary>The parameters that it updates.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>
    /// The threads that share the update of a large parameter; they do not change its result. Default: the calling one alone.
    /// </summary>
    public virtual WorkerPool Workers { get; set; } = WorkerPool.Single;

    /// <summary>
    /// What it remembers, to be saved with a checkpoint and restored by writing to it, in a fixed order. By default nothing.
    /// </summary>
    public virtual IReadOnlyList<StateBuffer<T>> State => [];

    /// <summary>
    /// Whether the step is <c>value = keep * value + scale * gradient</c> with two numbers, so that the product that makes the gradient
    /// can accumulate straight into the value. By default it is not. The answer is the same for every rate, derivative and step.
    /// </summary>
    /// <param name="index">The position of the parameter in <see cref="Parameters"/>.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="derivative">The factor c of a penalty whose derivative is c times the value; 0 for none.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="keep">The factor on the value.</param>
    public virtual bool TryGetDirectUpdate(int index, double rate, double derivative, out T scale, out T keep)
    {
        scale = keep = T.Zero;
        return false;
    }

    /// <summary>
    /// Takes over the derivatives of penalties that are a factor times the sign of the value, 0 at 0: <see cref="Update"/> then adds them in its own
    /// pass from here on. By default it does not, and they are added to the gradients before <see cref="Prepare"/>.
    /// </summary>
    /// <param name="factors">For each parameter the factor, at least 0; the runtime copies them.</param>
    /// <returns>Whether it does.</returns>
    public virtual bool TryFoldSigns(ReadOnlySpan<double> factors) => false;

    /// <summary>
    /// Looks at all gradients together before any parameter is updated, for a method that needs to, and may change them where they stand.
    /// By default it does nothing.
    /// </summary>
    /// <param name="derivatives">
    /// For each parameter the factor that <see cref="Update"/> will be given, which the gradients do not hold yet.
    /// </param>
    /// <param name="step">The number of updates made before this one.</param>
    public virtual void Prepare(ReadOnlySpan<double> derivatives, long step)
    {
    }

    /// <summary>Updates one parameter from its gradient, in one pass.</summary>
    /// <param name="index">The position of the parameter in <see cref="Parameters"/>.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="derivative">
    /// The factor c of a penalty whose derivative is c times the value, which is added to the gradient in the same pass; 0 for none.
    /// </param>
    /// <param name="step">The number of updates made before this one.</param>
    public abstract void Update(int index, double rate, double derivative, long step);

    /// <summary>Makes a whole step: <see cref="Prepare"/>, then <see cref="Update"/> for each parameter in order.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="derivatives">For each parameter the factor of its penalty's derivative.</param>
    /// <param name="step">The number of updates made before this one.</param>
    /// <exception cref="ArgumentException">There are not as many derivatives as parameters. Nothing has been changed then.</exception>
    public void Step(double rate, ReadOnlySpan<double> derivatives, long step)
    {
        if (derivatives.Length != Parameters.Count)
            throw new ArgumentException($"{Parameters.Count} parameters need as many derivatives; found {derivatives.Length}.", nameof(derivatives));
        Prepare(derivatives, step);
        for (int i = 0; i < derivatives.Length; i++)
            Update(i, rate, derivatives[i], step);
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
