using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>How a gradient changes the parameters. An immutable value; <see cref="CreateRuntime"/> makes the machine.</summary>
public abstract record Optimizer
{
    /// <summary>Makes the machine that updates a model's parameters, with state of its own that begins at zero.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameters">The parameters of the model.</param>
    public abstract OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
