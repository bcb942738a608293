using System.Numerics;
using DeepLearn.Kernels;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Support;

/// <summary>Notes how many numbers of each example were reported, and what stood in an example when the last of them was.</summary>
public sealed class RecordingFollower<T>(int batch, int features) : IOutputFollower<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Lock _lock = new();

    /// <summary>The numbers that were reported of each example.</summary>
    public int[] Counts { get; } = new int[batch];

    /// <summary>Each example as it was when all of it had been reported.</summary>
    public T[]?[] Examples { get; } = new T[]?[batch];

    public void Wrote(ReadOnlyMatrixView<T> output, int example, int count)
    {
        if (output.Rows != batch || output.Columns != features || count < 1)
            throw new InvalidOperationException($"{count} numbers of {output.ToString()} were reported.");
        lock (_lock)
        {
            Counts[example] += count;
            if (Counts[example] == features)
                Examples[example] = output.Row(example).ToArray();
        }
    }
}
