using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>
/// The gradient of a penalty with respect to the values w of a parameter: <c>Linear * w + Sign * sign(w)</c>, and other terms where
/// <see cref="HasOther"/> says so. An optimizer can add the first two within its own pass over the parameter.
/// </summary>
/// <remarks>The sign of 0 is 0. The gradients of penalties that act on one parameter together add up: <c>+</c>.</remarks>
/// <param name="Linear">The factor of the value, at least 0: <c>2 * lambda</c> for a penalty <c>lambda * sum(w^2)</c>.</param>
/// <param name="Sign">The factor of the value's sign, at least 0: <c>lambda</c> for a penalty <c>lambda * sum(|w|)</c>.</param>
/// <param name="HasOther">Whether there are other terms. Whoever made the penalty adds those to the gradient. Default false.</param>
public readonly record struct PenaltyGradient(double Linear, double Sign, bool HasOther = false)
{
    /// <summary>No penalty.</summary>
    public static PenaltyGradient None => default;

    /// <summary>Other terms alone.</summary>
    public static PenaltyGradient Other => new(0, 0, HasOther: true);

    /// <summary>The gradient of two penalties together.</summary>
    /// <param name="first">The one.</param>
    /// <param name="second">The other.</param>
    public static PenaltyGradient operator +(PenaltyGradient first, PenaltyGradient second) =>
        new(first.Linear + second.Linear, first.Sign + second.Sign, first.HasOther || second.HasOther);

    /// <summary>Adds <c>Linear * w + Sign * sign(w)</c> to a gradient. Other terms are not added.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="value">The values w.</param>
    /// <param name="gradient">The gradient to add to, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ. Nothing has been written then.</exception>
    public void AddTo<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (value.Rows != gradient.Rows || value.Columns != gradient.Columns)
        {
            throw new ArgumentException(
                $"A gradient has the shape of its values, {value.ToString()}; found {gradient.ToString()}.", nameof(gradient));
        }
        if (Linear == 0 && Sign == 0)
            return;
        if (value.IsContiguous && gradient.IsContiguous)
        {
            AddTo<T>(value.AsSpan(), gradient.AsSpan());
            return;
        }
        for (int row = 0; row < value.Rows; row++)
            AddTo<T>(value.Row(row), gradient.Row(row));
    }

    private void AddTo<T>(ReadOnlySpan<T> value, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Sign == 0)
            Arithmetic.AddScaled(value, T.CreateChecked(Linear), gradient);
        else
            Map.Apply(new Operator<T>(T.CreateChecked(Linear), T.CreateChecked(Sign)), value, gradient, gradient);
    }

    /// <summary>The gradient y with the penalty's at the value x added.</summary>
    private readonly struct Operator<T>(T linear, T sign) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes jump = LaneMath.WithSign<TLanes, T>(TLanes.Create(sign), x);
            TLanes sum = y + TLanes.Select(TLanes.Equal(x, default), default, jump);
            return TLanes.FusedMultiplyAdd(x, TLanes.Create(linear), sum);
        }
    }
}
