using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The machine of <see cref="Adam"/> and <see cref="AdamW"/>.</summary>
internal sealed class AdamRuntime<T> : OptimizerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DecayFactors<T> _decay;
    private readonly StateBuffer<T>[] _means;
    private readonly StateBuffer<T>[] _squares;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly T _epsilon;

    public AdamRuntime(double beta1, double beta2, double epsilon, DecayFactors<T> decay, IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        _decay = decay;
        _means = CreateState("means");
        _squares = CreateState("squares");
        State = [.. _means, .. _squares];
        _beta1 = beta1;
        _beta2 = beta2;
        _epsilon = T.CreateChecked(epsilon);
    }

    public override IReadOnlyList<StateBuffer<T>> State { get; }

    public override void Update(int index, double rate, double slope, long step)
    {
        Span<T> value = Parameters[index].Value.AsSpan();
        ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan();
        Span<T> means = _means[index].Value.AsSpan();
        Span<T> squares = _squares[index].Value.AsSpan();
        T keep = _decay.Keep(index, rate), c = T.CreateChecked(slope);
        T beta1 = T.CreateChecked(_beta1), rest1 = T.CreateChecked(1 - _beta1);
        T beta2 = T.CreateChecked(_beta2), rest2 = T.CreateChecked(1 - _beta2);

        // The corrections are two numbers a step: one joins the rate, the other the root.
        T scale = T.CreateChecked(-rate / (1 - IntegerPower.Of(_beta1, step + 1)));
        T root = T.CreateChecked(1 / Math.Sqrt(1 - IntegerPower.Of(_beta2, step + 1)));
        for (int i = 0; i < value.Length; i++)
        {
            T g = T.FusedMultiplyAdd(c, value[i], gradient[i]);
            T m = T.FusedMultiplyAdd(beta1, means[i], rest1 * g);
            T v = T.FusedMultiplyAdd(beta2, squares[i], rest2 * g * g);
            means[i] = m;
            squares[i] = v;
            value[i] = T.FusedMultiplyAdd(scale, m / T.FusedMultiplyAdd(root, T.Sqrt(v), _epsilon), keep * value[i]);
        }
    }
}
