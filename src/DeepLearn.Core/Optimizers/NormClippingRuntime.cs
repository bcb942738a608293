using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Kernels.Simd;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="NormClipping"/>.</summary>
internal sealed class NormClippingRuntime<T>(OptimizerRuntime<T> inner, double maximum)
    : OptimizerRuntime<T>(inner.Parameters), IPreparingOptimizer<T>, IPenaltyFusingOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What the inner optimizer is given in the place of the penalties: they are shortened with the rest of the gradient.
    private readonly PenaltyGradient[] _shortened = new PenaltyGradient[inner.Parameters.Count];

    public override WorkerPool Workers
    {
        get => inner.Workers;
        set => inner.Workers = value;
    }

    public override IReadOnlyList<StateBuffer<T>> State => inner.State;

    public override bool Updates(int index) => inner.Updates(index);

    public void Prepare(ReadOnlySpan<PenaltyGradient> penalties, long step)
    {
        double sum = 0;
        for (int i = 0; i < penalties.Length; i++)
        {
            if (!Updates(i))
                continue;
            if (penalties[i].Sign != 0)
                new PenaltyGradient(0, penalties[i].Sign).AddTo<T>(Parameters[i].Value.View, Parameters[i].Gradient.View);
            sum += SquaredLength(Parameters[i].Value.AsSpan(), Parameters[i].Gradient.AsSpan(), T.CreateChecked(penalties[i].Linear));
        }
        double length = Math.Sqrt(sum);
        double factor = length > maximum && double.IsFinite(length) ? maximum / length : 1;
        for (int i = 0; i < penalties.Length; i++)
        {
            if (!Updates(i))
                continue;
            _shortened[i] = new(penalties[i].Linear * factor, 0);
            Span<T> gradient = Parameters[i].Gradient.AsSpan();
            if (factor < 1)
                Arithmetic.Scale(gradient, T.CreateChecked(factor), gradient);
        }
        inner.BeginStep(_shortened, step);
    }

    public void UpdateWithPenalty(int index, double rate, PenaltyGradient penalty, long step) => Update(index, rate, step);

    public override void Update(int index, double rate, long step) => inner.UpdateParameter(index, rate, _shortened[index], step);

    /// <summary>The sum of the squares of gradient + linear * value.</summary>
    private static double SquaredLength(ReadOnlySpan<T> value, ReadOnlySpan<T> gradient, T linear)
    {
        T squares = Reduce.SumOf(new SquareOfSum(linear), value, gradient);
        if (T.IsNormal(squares))
            return double.CreateChecked(squares);

        // Squares that leave the range of T: a gradient that has grown that long is what clipping is for.
        double sum = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            double g = double.CreateChecked(T.FusedMultiplyAdd(linear, value[i], gradient[i]));
            sum = Math.FusedMultiplyAdd(g, g, sum);
        }
        return sum;
    }

    private readonly struct SquareOfSum(T linear) : IBinaryOperator<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes g = TLanes.FusedMultiplyAdd(x, TLanes.Create(linear), y);
            return g * g;
        }
    }
}
