using System.Numerics;
using System.Runtime.InteropServices;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// A copy of the weights that transformed ones were made from. Predictions come with the same weights again and again; comparing them, bit
/// for bit, takes a small part of the time of transforming them, and nobody has to say when they change.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="numbers">The number of weights; 0 to keep none, so that all weights are new ones.</param>
internal sealed unsafe class TransformedFrom<T>(int numbers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Matrix<T> _weights = new(1, numbers);
    private bool _isSet;

    /// <summary>The number of weights that are kept.</summary>
    public int Count => _weights.Count;

    /// <summary>Whether the weights are those of the last <see cref="Set"/>, bit for bit.</summary>
    public bool Are(T* weights) =>
        _isSet && MemoryMarshal.AsBytes(new ReadOnlySpan<T>(weights, Count)).SequenceEqual(MemoryMarshal.AsBytes(_weights.AsSpan()));

    /// <summary>Forgets the weights, before what was made from them is written over.</summary>
    public void Clear() => _isSet = false;

    /// <summary>Keeps the weights that the transformed ones have been made from.</summary>
    public void Set(T* weights)
    {
        if (Count == 0)
            return;
        new ReadOnlySpan<T>(weights, Count).CopyTo(_weights.AsSpan());
        _isSet = true;
    }
}
