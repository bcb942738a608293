using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// A weight decay bound to a model's parameters: each step takes <c>rate * decay * w</c> from the values w of those it applies to. An
/// optimizer's runtime asks it for the terms of each update. It changes nothing after it is made.
/// </summary>
/// <remarks>How it differs from a penalty is said at <see cref="Optimizer"/>.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DecoupledDecay<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _decay;

    /// <summary>Binds a decay to parameters.</summary>
    /// <param name="decay">The decay, finite and at least 0; 0 for none.</param>
    /// <param name="appliesTo">The parameters that decay.</param>
    /// <param name="parameters">The parameters of the model.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is out of its range.</exception>
    /// <exception cref="ArgumentException">A name pattern of the selection matches none of the parameters.</exception>
    public DecoupledDecay(double decay, ParameterSelection appliesTo, IReadOnlyList<Parameter<T>> parameters)
    {
        OptimizerGuard.NotNegative(decay, nameof(decay));
        ArgumentNullException.ThrowIfNull(appliesTo);
        _decay = [.. appliesTo.Choose(parameters).Select(chosen => chosen ? decay : 0)];
    }

    /// <summary>The decay of a parameter; 0 where it does not decay.</summary>
    /// <param name="index">The position of the parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public double Of(int index) => (uint)index < (uint)_decay.Length
        ? _decay[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The position of a parameter is from 0 to {_decay.Length - 1}.");

    /// <summary>What an update does beside its method: it adds the penalty's gradient to the loss's, and lets the value decay.</summary>
    /// <param name="index">The position of the parameter.</param>
    /// <param name="penalty">The gradient of the penalty, of which the linear and the sign term are taken.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public UpdateTerms<T> Terms(int index, PenaltyGradient penalty) =>
        new(T.One, T.CreateChecked(penalty.Sign), T.CreateChecked(penalty.Linear), T.CreateChecked(Of(index)));
}
