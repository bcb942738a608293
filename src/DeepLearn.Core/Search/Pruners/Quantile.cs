namespace DeepLearn.Search.Pruners;

/// <summary>Order statistics in linear time.</summary>
internal static class Quantile
{
    /// <summary>The quantile of values, linear between the two nearest.</summary>
    /// <param name="values">The values, at least one, none of them NaN; they are put into another order.</param>
    /// <param name="fraction">The fraction of values below it, in 0..1; 0.5 is the median.</param>
    public static double Of(Span<double> values, double fraction)
    {
        double position = fraction * (values.Length - 1);
        int index = (int)position;
        double low = Select(values, index), weight = position - index;
        if (weight == 0)
            return low;
        double high = double.PositiveInfinity;
        foreach (double value in values[(index + 1)..])
            high = Math.Min(high, value);
        return double.IsInfinity(low) || double.IsInfinity(high)
            ? (weight < 0.5 ? low : high)
            : (low * (1 - weight)) + (high * weight);
    }

    // Quickselect (Hoare, 1961) with the median of three as its pivot; elements behind the index are not smaller.
    private static double Select(Span<double> values, int index)
    {
        int low = 0, high = values.Length - 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            double a = values[low], b = values[middle], c = values[high];
            double pivot = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            int i = low, j = high;
            while (i <= j)
            {
                while (values[i] < pivot)
                    i++;
                while (values[j] > pivot)
                    j--;
                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }
            if (index <= j)
                high = j;
            else if (index >= i)
                low = i;
            else
                break;
        }
        return values[index];
    }
}
