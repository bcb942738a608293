using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>The images of a batch.</summary>
/// <param name="Address">The first number of the first image.</param>
/// <param name="Stride">The distance from one image to the next, in numbers.</param>
/// <param name="Count">The number of images.</param>
internal readonly unsafe record struct ImageStack<T>(nint Address, nint Stride, int Count)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public ImageStack(T* first, int stride, int count)
        : this((nint)first, stride, count)
    {
    }

    /// <summary>The first number of the first image.</summary>
    public T* First => (T*)Address;

    /// <summary>The first number of an image.</summary>
    public T* this[int image] => (T*)Address + (image * Stride);
}
