using System.Numerics;
using DeepLearn.Benchmarks.Products;
using TorchSharp;

namespace DeepLearn.Benchmarks.Torch;

/// <summary>
/// <c>torch.mm</c>, with a new tensor for each result, as its users call it. A transposed operand is a view that is made in advance.
/// </summary>
internal sealed class TorchProductPeer : IProductPeer
{
    public string Name => "torch";

    public string Description => $"{TorchLibrary.Version}, torch.mm";

    public string? Unavailable => TorchLibrary.Unavailable;

    public int Rounds(ProductShape shape, int threads) => int.MaxValue;

    public IProductRun<T> Prepare<T>(ProductOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Run<T>(operands, threads);

    private sealed class Run<T> : IProductRun<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int _threads;
        private readonly DisposeScope _scope = torch.NewDisposeScope();
        private readonly torch.Tensor _a;
        private readonly torch.Tensor _b;
        private torch.Tensor? _c;
        private T[]? _result;

        public Run(ProductOperands<T> operands, int threads)
        {
            _threads = threads;
            torch.Tensor a = TorchLibrary.TensorOf(operands.A), b = TorchLibrary.TensorOf(operands.B);
            _a = operands.Shape.TransposeA ? a.t() : a;
            _b = operands.Shape.TransposeB ? b.t() : b;
            Columns = operands.Shape.N;
        }

        private int Columns { get; }

        public void Before() => torch.set_num_threads(_threads);

        public void Multiply()
        {
            _c?.Dispose();
            _c = torch.mm(_a, _b).DetachFromDisposeScope();
        }

        public T Result(int row, int column) => (_result ??= _c!.data<T>().ToArray())[(row * Columns) + column];

        public void Dispose()
        {
            _c?.Dispose();
            _scope.Dispose();
        }
    }
}
