using System.Numerics;

namespace DeepLearn.Tests.Kernels;

/// <summary>The arguments that a walk over the numbers, or a random draw, is bound to miss.</summary>
internal static class FunctionEdges
{
    private const double Ln2 = 0.6931471805599453;

    /// <summary>Where a function of the library changes its formula, or its result leaves the range of either precision.</summary>
    private static readonly double[] Borders =
    [
        // Exponentials: clamps; where results overflow, become subnormal, and vanish.
        89, 710, 105, 746, 20, 45, 88.72283905206835, 709.782712893384, 87.33654475055310, 708.3964185322641,
        103.27892990343185, 744.4400719213812, 103.97207708399179, 745.1332191019412,

        // Small arguments that are their own results.
        2e-8, 5e-17, 5.9604644775390625e-8, 1.1102230246251565e-16,

        // The reduction of an exponential and of a logarithm, and of 1 + x.
        Ln2 / 2, Ln2, 3 * Ln2 / 2, 0.25, 0.5, 1, 1.5, 2, Math.Sqrt(2), 1 / Math.Sqrt(2), Math.Sqrt(2) - 1, 1 - (1 / Math.Sqrt(2)),

        // Where tanh, sigmoid, softplus and erf are divided, or no longer differ from their limits.
        9.011, 10, 19.0615, 17.329, 37.43, 36.74, 16.636, 0.92, 3.93, 5.93, 3.8325, 5.8636,

        // Angles.
        Math.PI / 4, Math.PI / 2, 3 * Math.PI / 4, Math.PI, 2 * Math.PI, 1 << 30,
    ];

    /// <summary>
    /// Zeros and the greatest and the smallest numbers of each kind, with their neighbors, of either sign; borders likewise.
    /// </summary>
    public static T[] Finite<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T least = T.Epsilon, leastNormal = least / T.CreateChecked(Ulp.Of(T.One)), greatest = -T.BitIncrement(T.NegativeInfinity);
        List<T> numbers = [T.Zero, least, least + least, T.BitDecrement(leastNormal), leastNormal, T.BitIncrement(leastNormal)];
        numbers.AddRange([greatest, T.BitDecrement(greatest), T.ScaleB(T.One, 60), T.ScaleB(T.One, -60)]);
        return [.. numbers, .. numbers.Select(value => -value), .. Borders.SelectMany(border => Ulp.Around<T>(border, 3))];
    }

    /// <summary>The same, and infinities and NaN.</summary>
    public static T[] All<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. Finite<T>(), T.PositiveInfinity, T.NegativeInfinity, T.NaN];
}
