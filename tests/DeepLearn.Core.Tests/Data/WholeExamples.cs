using DeepLearn.Data;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Data;

/// <summary>A data set of a user's own that does no more than it must: example i is i, i + 1, and so on.</summary>
internal sealed class WholeExamples() : Dataset(100, new DatasetDescription(40) { Classes = 2 }, new int[100])
{
    protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            Span<T> row = destination.Row(i);
            for (int j = 0; j < row.Length; j++)
                row[j] = T.CreateChecked(indices[i] + j);
            transform?.Apply(row, row);
        }
    }
}
