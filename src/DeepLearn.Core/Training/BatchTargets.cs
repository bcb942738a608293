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
        (batch.Targets is not null && loss.TakesValues ? Targets<T>.FromValues(batch.TargetView) : Targets<T>.FromLabels(batch.LabelView))
        .WithWeights(batch.WeightView);

    /// <summary>
    /// What a batch has to offer metrics: its labels where an example has one class and the batch says which, else what the loss is given.
    /// </summary>
    public static Targets<T> Of<T>(Batch<T> batch, Loss loss, PredictionTask task)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        task.Classes > 0 && !batch.LabelView.IsEmpty
            ? Targets<T>.FromLabels(batch.LabelView).WithWeights(batch.WeightView)
            : Of(batch, loss);

    /// <summary>What a network's outputs predict of the examples of a data set.</summary>
    public static PredictionTask TaskOf(Dataset dataset, Loss loss, int outputs)
    {
        PredictionTask task = loss.TaskOf(outputs, hasLabels: !(loss.TakesValues && dataset.TargetWidth > 0));

        // Numbers beside labels, one for each class, as where a squared error is made small of one-hot rows: the greatest says the class.
        return task.Kind == TaskKind.Regression && dataset.Classes == outputs && outputs >= 2 ? PredictionTask.Multiclass(outputs) : task;
    }
}
