using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Losses;

namespace DeepLearn.Training;

/// <summary>What a batch has to offer a loss.</summary>
internal static class BatchTargets
{
    /// <summary>The batch's rows of numbers where it has some and the loss takes them, else its labels.</summary>
    public static Targets<T> Of<T>(Batch<T> batch, Loss loss)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        batch.Targets is not null && loss.TakesValues ? Targets<T>.FromValues(batch.TargetView) : Targets<T>.FromLabels(batch.LabelView);

    /// <summary>Throws unless the data set has what the loss takes.</summary>
    public static void Check(Dataset dataset, Loss loss)
    {
        bool fits = (loss.TakesValues && dataset.TargetWidth > 0) || (loss.TakesLabels && dataset.Classes > 0);
        if (!fits)
        {
            throw new ArgumentException(
                $"{loss} takes {(loss.TakesLabels ? loss.TakesValues ? "class labels or rows of numbers" : "class labels" : "rows of numbers")} as targets; "
                + $"the data set has {(dataset.Classes > 0 ? "class labels" : dataset.TargetWidth > 0 ? "rows of numbers" : "none")}.");
        }
    }
}
