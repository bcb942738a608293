namespace DeepLearn.Training.RangeTest;

/// <summary>
/// A moving average of a running median. The median drops spikes; the average, corrected for its start as in Adam, drops noise. Until the
/// median's window is full, a spike could be the median: what comes before is only provisional.
/// </summary>
internal sealed class RobustSmoother(int window, double smoothing)
{
    private readonly List<double> _recent = [];
    private double _average;
    private double _weight;

    /// <summary>Whether the window was full at the last value.</summary>
    public bool IsSettled => _recent.Count == window;

    /// <summary>Takes in the next value and gives the smoothed one.</summary>
    public double Add(double value)
    {
        _recent.Add(value);
        if (_recent.Count > window)
            _recent.RemoveAt(0);
        double[] sorted = [.. _recent.Order()];
        double median = sorted[(sorted.Length - 1) / 2];
        if (!IsSettled)
            return median;
        _average = (smoothing * _average) + ((1 - smoothing) * median);
        _weight = (smoothing * _weight) + (1 - smoothing);
        return _average / _weight;
    }
}
