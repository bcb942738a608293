using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Products;

/// <summary>
/// Adds a bias to each row of a result and applies a ReLU, in a pass of its own: what remains to be done after a product by a library that
/// multiplies only. Its users would write such a loop.
/// </summary>
/// <param name="result">The result, <c>[M, N]</c>.</param>
/// <param name="threads">The number of threads, among which the rows of a large result are divided.</param>
internal sealed class BiasAndRelu<T>(Matrix<T> result, int threads) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int SmallResult = 1 << 15;

    private readonly T[] _bias = new T[result.Columns];
    private readonly WorkerPool? _workers = threads > 1 && result.AsSpan().Length > SmallResult ? new(threads) : null;

    /// <summary>Does so.</summary>
    public void Apply()
    {
        var rows = new Rows(result, _bias, _workers is null ? 1 : threads);
        if (_workers is null)
            rows.Run(0);
        else
            _workers.Run(ref rows, threads);
    }

    public void Dispose() => _workers?.Dispose();

    private readonly struct Rows(Matrix<T> result, T[] bias, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            int first = (int)((long)result.Rows * part / parts), end = (int)((long)result.Rows * (part + 1) / parts);
            for (int row = first; row < end; row++)
                Row(result.AsSpan().Slice(row * result.Columns, result.Columns), bias);
        }

        private static void Row(Span<T> row, ReadOnlySpan<T> bias)
        {
            ref T at = ref MemoryMarshal.GetReference(row), added = ref MemoryMarshal.GetReference(bias);
            nuint i = 0, length = (nuint)row.Length;
            for (; i + (nuint)Vector512<T>.Count <= length; i += (nuint)Vector512<T>.Count)
            {
                Vector512<T> sum = Vector512.LoadUnsafe(ref at, i) + Vector512.LoadUnsafe(ref added, i);
                Vector512.MaxNative(sum, Vector512<T>.Zero).StoreUnsafe(ref at, i);
            }
            for (; i + (nuint)Vector128<T>.Count <= length; i += (nuint)Vector128<T>.Count)
            {
                Vector128<T> sum = Vector128.LoadUnsafe(ref at, i) + Vector128.LoadUnsafe(ref added, i);
                Vector128.MaxNative(sum, Vector128<T>.Zero).StoreUnsafe(ref at, i);
            }
            for (; i < length; i++)
            {
                T sum = row[(int)i] + bias[(int)i];
                row[(int)i] = sum > T.Zero ? sum : T.Zero;
            }
        }
    }
}
