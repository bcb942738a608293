using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// The machine of an <see cref="Optimizer"/>: it owns what the method remembers from step to step (momenta, averages) and makes one
/// pass over each parameter a step. One caller at a time.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class OptimizerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The machine for the given parameters.</summary>
    /// <param name="parameters">The parameters of the model.</param>
    protected OptimizerRuntime(IReadOnlyList<Parameter<T>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
    }

    /// <summary>The parameters that it updates.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>What it remembers, to be saved with a checkpoint. By default nothing.</summary>
    public virtual IReadOnlyList<StateBuffer<T>> State => [];

    /// <summary>
    /// Whether the step is <c>value = keep * value + scale * gradient</c> with two numbers, so that the product that makes the gradient
    /// can accumulate straight into the value. By default it is not.
    /// </summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="slope">The factor c of a penalty whose derivative is c times the value; 0 for none.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="keep">The factor on the value.</param>
    public virtual bool TryGetDirectUpdate(double rate, double slope, out T scale, out T keep)
    {
        scale = keep = T.Zero;
        return false;
    }

    /// <summary>Updates one parameter from its gradient, in one pass.</summary>
    /// <param name="index">The position of the parameter in <see cref="Parameters"/>.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="slope">The factor c of a penalty whose derivative is c times the value, which is added to the gradient in the same pass; 0 for none.</param>
    /// <param name="step">The number of updates made before this one.</param>
    public abstract void Update(int index, double rate, double slope, long step);
}
