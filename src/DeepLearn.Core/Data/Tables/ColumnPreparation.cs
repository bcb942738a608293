using DeepLearn.Foundation;

namespace DeepLearn.Data.Tables;

/// <summary>How one column becomes features, as fitted on a training set: an immutable value.</summary>
public sealed record ColumnPreparation
{
    /// <summary>The name of the column.</summary>
    public required string Name { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>Whether the column holds categories; otherwise numbers.</summary>
    public bool IsCategorical { get; init; }

    /// <summary>The categories in order; empty for numbers.</summary>
    public ValueList<string> Categories { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>How categories become features.</summary>
    public CategoryEncoding Encoding { get; init => field = PropertyGuard.Member(value); }

    /// <summary>What stands for a missing value, or the position of the category that does; NaN if nothing does.</summary>
    public double Replacement { get; init; } = double.NaN;

    /// <summary>What is subtracted from numbers; 0 if they are not standardized.</summary>
    public double Mean { get; init; }

    /// <summary>What numbers are then divided by; 1 where they are not standardized.</summary>
    public double StandardDeviation { get; init; } = 1;

    /// <summary>The number of features that the column becomes.</summary>
    public int Width => IsCategorical && Encoding == CategoryEncoding.OneHot ? Categories.Count : 1;

    internal void Write(double value, Span<double> destination)
    {
        if (double.IsNaN(value))
            value = Replacement;
        if (!IsCategorical)
        {
            destination[0] = (value - Mean) / StandardDeviation;
        }
        else if (Encoding == CategoryEncoding.Ordinal)
        {
            destination[0] = value;
        }
        else
        {
            destination.Clear();
            if (!double.IsNaN(value))
                destination[(int)value] = 1;
        }
    }
}
