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
}
