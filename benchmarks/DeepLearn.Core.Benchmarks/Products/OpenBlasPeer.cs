using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Benchmarks.Ratios;
using DeepLearn.Tensors;
using unsafe DoubleLong = delegate* unmanaged[Cdecl]<
    int, int, int, int, int, int, double, void*, int, void*, int, double, void*, int, void>;
using unsafe DoubleShort = delegate* unmanaged[Cdecl, SuppressGCTransition]<
    int, int, int, int, int, int, double, void*, int, void*, int, double, void*, int, void>;
using unsafe FloatLong = delegate* unmanaged[Cdecl]<
    int, int, int, int, int, int, float, void*, int, void*, int, float, void*, int, void>;
using unsafe FloatShort = delegate* unmanaged[Cdecl, SuppressGCTransition]<
    int, int, int, int, int, int, float, void*, int, void*, int, float, void*, int, void>;

namespace DeepLearn.Benchmarks.Products;

/// <summary>OpenBLAS through its C interface, if the system has it.</summary>
internal sealed unsafe class OpenBlasPeer : IProductPeer
{
    private const int RowMajor = 101;
    private const int NotTransposed = 111;
    private const int Transposed = 112;

    /// <summary>
    /// Below this number of operations, the garbage collector's transition to native code would weigh in the time of a call; it is left out
    /// there, in the peer's favor.
    /// </summary>
    private const double ShortCall = 4e6;

    private readonly nint _library;

    /// <param name="file">The library's file, or null for the usual names.</param>
    public OpenBlasPeer(string? file)
    {
        string[] names = file is not null
            ? [file]
            : ["libopenblas.so.0", "libopenblas.so", "libopenblas.dylib", "libopenblas.dll", "openblas"];
        foreach (string name in names)
        {
            if (!NativeLibrary.TryLoad(name, out _library))
                continue;
            var configuration = (delegate* unmanaged[Cdecl]<byte*>)NativeLibrary.GetExport(_library, "openblas_get_config");
            var core = (delegate* unmanaged[Cdecl]<byte*>)NativeLibrary.GetExport(_library, "openblas_get_corename");
            Description = $"{Marshal.PtrToStringUTF8((nint)configuration())?.Trim()}; kernels for {Marshal.PtrToStringUTF8((nint)core())}";
            return;
        }
        Unavailable = $"{string.Join(", ", names)} could not be loaded. On Debian and Ubuntu: apt-get install libopenblas0; "
            + "elsewhere name the file with --openblas.";
    }

    public string Name => ProductRatio.OpenBlas;

    public string Description { get; } = "not found";

    public string? Unavailable { get; }

    public int Rounds(ProductShape shape, int threads) => int.MaxValue;

    public IProductRun<T> Prepare<T>(ProductOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Run<T>(_library, operands, threads);

    private sealed class Run<T> : IProductRun<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Matrix<T> _a, _b, _c;
        private readonly ProductShape _shape;
        private readonly int _threads;
        private readonly bool _short;
        private readonly BiasAndRelu<T>? _end;
        private readonly nint _function;
        private readonly delegate* unmanaged[Cdecl]<int, void> _setThreads;

        public Run(nint library, ProductOperands<T> operands, int threads)
        {
            _a = operands.A;
            _b = operands.B;
            _c = operands.NewResult();
            _shape = operands.Shape;
            _threads = threads;
            _short = _shape.Flops < ShortCall;
            _end = _shape.HasBiasAndRelu ? new(_c, threads) : null;
            _function = NativeLibrary.GetExport(library, typeof(T) == typeof(float) ? "cblas_sgemm" : "cblas_dgemm");
            _setThreads = (delegate* unmanaged[Cdecl]<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
        }

        public void Before() => _setThreads(_threads);

        public void Multiply()
        {
            Product();
            _end?.Apply();
        }

        private void Product()
        {
            void* a = Pointer(_a), b = Pointer(_b), c = Pointer(_c);
            int transposeA = _shape.TransposeA ? Transposed : NotTransposed;
            int transposeB = _shape.TransposeB ? Transposed : NotTransposed;
            int beta = _shape.Accumulates ? 1 : 0;
            int m = _shape.M, n = _shape.N, k = _shape.K, strideOfA = _shape.ColumnsOfA, strideOfB = _shape.ColumnsOfB;
            if (typeof(T) == typeof(float))
            {
                if (_short)
                {
                    ((FloatShort)_function)(
                        RowMajor, transposeA, transposeB, m, n, k, 1, a, strideOfA, b, strideOfB, beta, c, n);
                }
                else
                {
                    ((FloatLong)_function)(
                        RowMajor, transposeA, transposeB, m, n, k, 1, a, strideOfA, b, strideOfB, beta, c, n);
                }
            }
            else if (_short)
            {
                ((DoubleShort)_function)(
                    RowMajor, transposeA, transposeB, m, n, k, 1, a, strideOfA, b, strideOfB, beta, c, n);
            }
            else
            {
                ((DoubleLong)_function)(
                    RowMajor, transposeA, transposeB, m, n, k, 1, a, strideOfA, b, strideOfB, beta, c, n);
            }
        }

        public T Result(int row, int column) => _c[row, column];

        public void Dispose() => _end?.Dispose();

        // The memory of a matrix is pinned, so its address stays valid.
        private static void* Pointer(Matrix<T> matrix) => Unsafe.AsPointer(ref MemoryMarshal.GetReference(matrix.AsSpan()));
    }
}
