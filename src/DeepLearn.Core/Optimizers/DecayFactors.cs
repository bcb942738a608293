using System.Numerics;
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

    /// <summary>What a parameter's value is multiplied by in a step, before its update is added: 1 without decay.</summary>
    public T Keep(int index, double rate) => T.CreateChecked(1 - (rate * _decay[index]));

    /// <summary>The decay of a parameter.</summary>
    public double Of(int index) => _decay[index];
}
