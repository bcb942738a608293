using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>What the update of each of a model's parameters does beside the method: the decoupled decay, and derivatives of penalties.</summary>
internal sealed class DecayFactors<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _decay;
    private readonly double[] _signs;

    public DecayFactors(double decay, ParameterSelection appliesTo, IReadOnlyList<Parameter<T>> parameters)
    {
        _decay = [.. appliesTo.Choose(parameters).Select(chosen => chosen ? decay : 0)];
        _signs = new double[_decay.Length];
    }

    /// <summary>The decay of a parameter.</summary>
    public double Of(int index) => _decay[index];

    /// <summary>The factor of the sign of a parameter's values that is added to its gradient.</summary>
    public double SignOf(int index) => _signs[index];

    /// <summary>See <see cref="OptimizerRuntime{T}.TryFoldSigns"/>.</summary>
    public bool FoldSigns(ReadOnlySpan<double> factors)
    {
        factors.CopyTo(_signs);
        return true;
    }

    /// <summary>What a step does to a parameter's gradient and value before the method itself: the penalties' derivatives and the decay.</summary>
    public UpdateTerms<T> Terms(int index, double rate, double derivative) =>
        new(T.One, T.CreateChecked(_signs[index]), T.CreateChecked(derivative), T.CreateChecked(1 - (rate * _decay[index])));
}
