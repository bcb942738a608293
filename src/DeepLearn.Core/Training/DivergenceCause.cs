using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Tensors;

namespace DeepLearn.Training;

/// <summary>Says why a loss is not finite, where the data say it, and otherwise what most often helps; after a failure alone.</summary>
internal static class DivergenceCause
{
    /// <summary>The first number of a data set that is not finite, in words; or advice, where there is none.</summary>
    /// <param name="dataset">The data set whose loss is not finite.</param>
    /// <param name="name">What it is called, such as <c>training</c>.</param>
    public static string Of<T>(Dataset dataset, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = new Matrix<T>(1, dataset.ExampleShape.Count);
        Matrix<T>? targets = dataset.TargetWidth > 0 ? new(1, dataset.TargetWidth) : null;
        for (int i = 0; i < dataset.Count; i++)
        {
            if (!dataset.HoldsBytes)
            {
                dataset.Gather(new ReadOnlySpan<int>(in i), null, features.View);
                if (Find(features) is var (feature, number))
                    return Say(i, number, $"feature {feature}{NameOf(dataset, feature)}");
            }
            if (targets is not null)
            {
                dataset.GatherTargets(new ReadOnlySpan<int>(in i), targets.View);
                if (Find(targets) is var (target, number))
                    return Say(i, number, $"target {target}");
            }
        }
        return "Smaller learning rates, features and targets that are normalized, or clipped gradients most often help.";

        string Say(int example, T number, string place) =>
            $"Example {example} of the {name} set has {number} as its {place}; features and targets are finite. Leave such examples "
            + "out, or fill them in.";
    }

    private static string NameOf(Dataset dataset, int feature) =>
        dataset.Description.FeatureNames.Count > feature ? $" ({dataset.Description.FeatureNames[feature]})" : "";

    private static (int Position, T Number)? Find<T>(Matrix<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < row.Columns; j++)
        {
            if (!T.IsFinite(row[0, j]))
                return (j, row[0, j]);
        }
        return null;
    }
}
