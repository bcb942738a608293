using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Kernels.Simd;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="NormClipping"/>.</summary>
internal sealed class NormClippingRuntime<T>(OptimizerRuntime<T> inner, double maximum) : OptimizerRuntime<T>(inner.Parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _derivatives = new double[inner.Parameters.Count];
    private double _factor = 1;

    public override WorkerPool Workers
    {
        get => inner.Workers;
        set => inner.Workers = value;
    }

    public override IReadOnlyList<StateBuffer<T>> State => inner.State;

    public override void Prepare(ReadOnlySpan<double> derivatives, long step)
    {
        double sum = 0;
        for (int i = 0; i < derivatives.Length; i++)
            sum += SquaredLength(Parameters[i].Value.AsSpan(), Parameters[i].Gradient.AsSpan(), T.CreateChecked(derivatives[i]));
        double length = Math.Sqrt(sum);
        _factor = length > maximum && double.IsFinite(length) ? maximum / length : 1;
        for (int i = 0; i < derivatives.Length; i++)
        {
            // A derivative that is folded in later is shortened with the rest of the gradient.
            _derivatives[i] = derivatives[i] * _factor;
            Span<T> gradient = Parameters[i].Gradient.AsSpan();
            if (_factor < 1)
                Arithmetic.Scale(gradient, T.CreateChecked(_factor), gradient);
        }
        inner.Prepare(_derivatives, step);
    }

    public override void Update(int index, double rate, double derivative, long step) => inner.Update(index, rate, derivative * _factor, step);

    /// <summary>The sum of the squares of gradient + derivative * value.</summary>
    private static double SquaredLength(ReadOnlySpan<T> value, ReadOnlySpan<T> gradient, T derivative)
    {
        double sum = double.CreateChecked(Reduce.SumOf(new SquareOfSum(derivative), value, gradient));
        if (double.IsFinite(sum) && sum > 0)
            return sum;

        // Squares that leave the range of T: a gradient that has grown that long is what clipping is for.
        sum = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            double g = double.CreateChecked(T.FusedMultiplyAdd(derivative, value[i], gradient[i]));
            sum = Math.FusedMultiplyAdd(g, g, sum);
        }
        return sum;
    }

    private readonly struct SquareOfSum(T derivative) : IBinaryOperator<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes g = TLanes.FusedMultiplyAdd(x, TLanes.Create(derivative), y);
            return g * g;
        }
    }
}
