using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Simd;

/// <summary>Checks the shapes of operands before a kernel writes anything.</summary>
internal static class ShapeGuard
{
    /// <summary>Throws if a matrix has another shape.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require<T>(
        ReadOnlyMatrixView<T> found, int rows, int columns, [CallerArgumentExpression(nameof(found))] string name = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (found.Rows != rows || found.Columns != columns)
            Throw(name, $"[{rows}, {columns}]", $"[{found.Rows}, {found.Columns}]");
    }

    /// <summary>Throws if a span has another length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require<T>(ReadOnlySpan<T> found, int count, [CallerArgumentExpression(nameof(found))] string name = "")
        where T : unmanaged
    {
        if (found.Length != count)
            Throw(name, $"[{count}]", $"[{found.Length}]");
    }

    /// <summary>Throws if a batch has more examples than there is memory for.</summary>
    /// <param name="batch">The examples.</param>
    /// <param name="capacity">The most examples.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireCapacity(int batch, int capacity)
    {
        if (batch > capacity)
            ThrowCapacity(batch, capacity);
    }

    [DoesNotReturn]
    private static void Throw(string name, string expected, string found) =>
        throw new ArgumentException($"Expected {name} of shape {expected}; found {found}.", name);

    [DoesNotReturn]
    private static void ThrowCapacity(int batch, int capacity) =>
        throw new ArgumentException($"Expected a batch of at most {capacity} examples, for which there is memory; found {batch}.");
}
