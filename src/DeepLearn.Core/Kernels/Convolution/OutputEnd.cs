using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>What is done with the outputs of a convolution before they leave the cache.</summary>
/// <param name="biases">A number for each filter, or null.</param>
/// <param name="relu">Whether negative outputs become 0.</param>
/// <param name="follower">Who reads the outputs as they are written, or null.</param>
/// <param name="output">The outputs.</param>
/// <param name="numbers">The numbers of an image.</param>
internal readonly unsafe struct OutputEnd<T>(
    T* biases, bool relu, IOutputFollower<T>? follower = null, ImageStack<T> output = default, int numbers = 0)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly T* Biases = biases;
    public readonly bool Relu = relu;

    /// <summary>Whether somebody wants to know what has been written.</summary>
    public bool IsFollowed => follower is not null;

    /// <summary>The same for the filters from one on.</summary>
    public T* BiasesFrom(int filter) => Biases == null ? null : Biases + filter;

    /// <summary>Tells that whole images have been written.</summary>
    public void Wrote(int first, int images) => Wrote(first, images, numbers);

    /// <summary>Tells that so many more numbers of each of some images have been written.</summary>
    public void Wrote(int first, int images, int count)
    {
        if (follower is null || count == 0)
            return;
        var all = new ReadOnlySpan<T>(output.First, checked((int)(((output.Count - 1) * output.Stride) + numbers)));
        for (int image = first; image < first + images; image++)
            follower.Wrote(new(all, output.Count, numbers, (int)output.Stride), image, count);
    }
}
