using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Importances;

/// <summary>
/// A regression tree: the unit cube in boxes, in each of which the value is the mean of the trials there (Breiman, 2001, for trees of a
/// forest).
/// </summary>
internal static class RegressionTree
{
    /// <summary>A box and its value.</summary>
    /// <param name="Low">Where it begins in each dimension.</param>
    /// <param name="High">Where it ends in each dimension.</param>
    /// <param name="Value">The mean of the trials in it.</param>
    public sealed record Leaf(double[] Low, double[] High, double Value);

    /// <summary>Grows a tree.</summary>
    /// <param name="space">The space.</param>
    /// <param name="points">The positions of the trials; NaN if one has not the hyper-parameter.</param>
    /// <param name="values">Their values.</param>
    /// <param name="rows">The trials that the tree sees; one may come several times.</param>
    /// <param name="leafRows">The least number of rows in a leaf.</param>
    /// <param name="random">Chooses the dimensions that a split may use: five in six, and more if none of these can be split.</param>
    public static List<Leaf> Grow(
        SearchSpace space, double[][] points, double[] values, int[] rows, int leafRows, ref RandomStream random)
    {
        int count = space.Dimensions.Count;
        var leaves = new List<Leaf>();
        var open = new Stack<(int[] Rows, double[] Low, double[] High)>();
        open.Push((rows, new double[count], [.. Enumerable.Repeat(1.0, count)]));
        while (open.TryPop(out (int[] Rows, double[] Low, double[] High) box))
        {
            if (Split(space, points, values, box.Rows, leafRows, ref random) is not { } split)
            {
                leaves.Add(new(box.Low, box.High, box.Rows.Average(row => values[row])));
                continue;
            }
            double[] high = [.. box.High], low = [.. box.Low];
            high[split.Dimension] = low[split.Dimension] = split.At;
            open.Push(([.. box.Rows.Where(row => points[row][split.Dimension] < split.At)], box.Low, high));
            open.Push(([.. box.Rows.Where(row => points[row][split.Dimension] >= split.At)], low, box.High));
        }
        return leaves;
    }

    // Where the squared distances from the two means come to least.
    private static (int Dimension, double At)? Split(
        SearchSpace space, double[][] points, double[] values, int[] rows, int leafRows, ref RandomStream random)
    {
        double mean = rows.Average(row => values[row]);
        double spread = rows.Sum(row => (values[row] - mean) * (values[row] - mean)), bestGain = 1e-12 * spread;
        (int, double)? best = null;
        int[] dimensions = [.. Enumerable.Range(0, space.Dimensions.Count)];
        random.Shuffle<int>(dimensions);
        int enough = ((5 * dimensions.Length) + 5) / 6;
        for (int k = 0; k < dimensions.Length && (k < enough || best is null); k++)
        {
            int dimension = dimensions[k];
            if (rows.Any(row => double.IsNaN(points[row][dimension])))
                continue;
            int[] order = [.. rows];
            Array.Sort(order, (a, b) =>
            {
                int byPosition = points[a][dimension].CompareTo(points[b][dimension]);
                return byPosition != 0 ? byPosition : a.CompareTo(b);
            });
            double left = 0;
            for (int i = 1; i < order.Length; i++)
            {
                left += values[order[i - 1]] - mean;
                double before = points[order[i - 1]][dimension], after = points[order[i]][dimension];
                if (before == after || i < leafRows || order.Length - i < leafRows)
                    continue;
                double gain = (left * left / i) + (left * left / (order.Length - i));
                if (gain > bestGain)
                    (best, bestGain) = ((dimension, Between(space.Dimensions[dimension], before, after)), gain);
            }
        }
        return best;
    }

    // Between two values where there are finitely many, so that a box has whole ones.
    private static double Between(Dimension dimension, double before, double after)
    {
        double middle = 0.5 * (before + after), count = dimension.ValueCount;
        double whole = Math.Floor((middle * count) + 0.5) / count;
        return count < 1e6 && before < whole && whole <= after ? whole : middle;
    }
}
