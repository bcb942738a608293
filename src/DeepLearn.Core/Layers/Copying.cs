using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>What a layer that passes its input on does where it was not run in place.</summary>
internal static class Copying
{
    /// <summary>Copies, unless source and destination are the same memory.</summary>
    public static void Copy<T>(ReadOnlyMatrixView<T> source, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!destination.IsEmpty && !Unsafe.AreSame(in source.Origin, in destination.Origin))
            source.CopyTo(destination);
    }
}
