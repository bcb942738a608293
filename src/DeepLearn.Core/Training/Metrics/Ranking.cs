using System.Numerics;

namespace DeepLearn.Training.Metrics;

/// <summary>The order of outputs that all metrics share: by size, equals by position, NaN last.</summary>
internal static class Ranking
{
    /// <summary>The position of the first output in that order.</summary>
    public static int First<T>(ReadOnlySpan<T> outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int best = 0;
        for (int j = 1; j < outputs.Length; j++)
        {
            if (IsAbove(outputs[j], outputs[best]))
                best = j;
        }
        return best;
    }

    /// <summary>How many outputs come before the one at a position.</summary>
    public static int Of<T>(ReadOnlySpan<T> outputs, int position)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int before = 0;
        for (int j = 0; j < outputs.Length; j++)
        {
            bool isBefore = j < position ? !IsAbove(outputs[position], outputs[j]) : IsAbove(outputs[j], outputs[position]);
            before += isBefore && j != position ? 1 : 0;
        }
        return before;
    }

    private static bool IsAbove<T>(T a, T b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a > b || (T.IsNaN(b) && !T.IsNaN(a));
}
