using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>
/// Magnitudes and squares together: penalty <c>lambda1 * sum(|w|) + lambda2 * sum(w^2)</c>, so derivative
/// <c>lambda1 * sign(w) + 2 * lambda2 * w</c> (Zou and Hastie, "Regularization and Variable Selection via the Elastic Net", 2005).
/// </summary>
/// <remarks>
/// As <c>new L1(lambda1) + new L2(lambda2)</c>, with one pass for the derivative. The paper's rescaling of the solution by
/// <c>1 + lambda2</c> is left out, as it is everywhere outside linear regression.
/// </remarks>
public sealed record ElasticNet : Regularizer
{
    /// <summary>The penalty with the given factors.</summary>
    /// <param name="magnitudes">lambda1, the factor of the magnitudes, finite and at least 0.</param>
    /// <param name="squares">lambda2, the factor of the squares, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is negative, infinite or not a number.</exception>
    public ElasticNet(double magnitudes, double squares)
    {
        Magnitudes = magnitudes;
        Squares = squares;
    }

    /// <summary>The factor of the magnitudes, finite and at least 0.</summary>
    public double Magnitudes { get; init => field = RegularizerGuard.Factor(value, nameof(Magnitudes)); }

    /// <summary>The factor of the squares, finite and at least 0.</summary>
    public double Squares { get; init => field = RegularizerGuard.Factor(value, nameof(Squares)); }

    /// <inheritdoc/>
    public override double Penalty<T>(ReadOnlyMatrixView<T> value) =>
        (Magnitudes * MatrixSums.Magnitudes(value)) + (Squares * MatrixSums.Squares(value));

    /// <inheritdoc/>
    public override void AddDerivative<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient) =>
        AddDerivative(T.CreateChecked(Magnitudes), T.CreateChecked(2 * Squares), value, gradient);

    /// <inheritdoc/>
    internal override ValueList<Regularizer> Terms() => [new L1(Magnitudes) { AppliesTo = AppliesTo }, new L2(Squares) { AppliesTo = AppliesTo }];

    /// <summary><c>gradient += sign * sign(value) + linear * value</c>.</summary>
    internal static void AddDerivative<T>(T sign, T linear, ReadOnlyMatrixView<T> value, MatrixView<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var operation = new Derivative<T>(sign, linear);
        if (value.IsContiguous && gradient.IsContiguous)
        {
            Map.Apply(operation, value.AsSpan(), gradient.AsSpan(), gradient.AsSpan());
            return;
        }
        for (int row = 0; row < value.Rows; row++)
            Map.Apply(operation, value.Row(row), gradient.Row(row), gradient.Row(row));
    }

    /// <summary>The gradient y with the derivative at the value x added.</summary>
    private readonly struct Derivative<T>(T sign, T linear) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes jump = LaneMath.WithSign<TLanes, T>(TLanes.Create(sign), x);
            TLanes derivative = y + TLanes.Select(TLanes.Equal(x, default), default, jump);
            return TLanes.FusedMultiplyAdd(x, TLanes.Create(linear), derivative);
        }
    }
}
