using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The decoupled decay of each of a model's parameters.</summary>
internal sealed class DecayFactors<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _decay;

    public DecayFactors(double decay, ParameterSelection appliesTo, IReadOnlyList<Parameter<T>> parameters)
    {
        _decay = [.. appliesTo.Choose(parameters).Select(chosen => chosen ? decay : 0)];
    }

    /// <summary>The decay of a parameter.</summary>
    public double Of(int index) => _decay[index];

    /// <summary>What a step does to a parameter's gradient and value before the method itself: the penalty's slope and the decay.</summary>
    public UpdateTerms<T> Terms(int index, double rate, double slope) =>
        new(T.One, T.Zero, T.CreateChecked(slope), T.CreateChecked(1 - (rate * _decay[index])));
}
