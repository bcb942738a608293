using System.Numerics;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Kernels.Gemm;

/// <summary>
/// A product of random matrices inside larger ones, with what it must give by a loop that does nothing but follow the definition.
/// </summary>
internal sealed class ProductCase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Random _random;
    private readonly Matrix<T> _a;
    private readonly Matrix<T> _b;
    private readonly Matrix<T> _before;
    private readonly Matrix<T> _after;
    private readonly Matrix<T> _bias;
    private readonly T _alpha;
    private readonly T _beta;

    public ProductCase(int seed, int m, int n, int k)
    {
        _random = new Random(seed);
        (Rows, Columns, Depth) = (m, n, k);
        TransposeA = Coin();
        TransposeB = Coin();
        Relu = Coin();
        _alpha = Coin() ? T.One : Number();
        _beta = _random.Next(3) switch { 0 => T.Zero, 1 => T.One, _ => Number() };
        HasBias = T.IsZero(_beta) && Coin();
        _a = Within(TransposeA ? k : m, TransposeA ? m : k);
        _b = Within(TransposeB ? n : k, TransposeB ? k : n);
        _bias = Within(1, n);
        _before = Within(m, n);
        if (T.IsZero(_beta))
            _before.AsSpan().Fill(T.NaN); // must never be read
        _after = Matrix<T>.CopyOf(_before.View);
        Expect();
    }

    public int Rows { get; }

    public int Columns { get; }

    public int Depth { get; }

    public bool TransposeA { get; }

    public bool TransposeB { get; }

    public bool Relu { get; }

    public bool HasBias { get; }

    public ReadOnlyMatrixView<T> A => _a.View.Slice(1, 1, TransposeA ? Depth : Rows, TransposeA ? Rows : Depth);

    public ReadOnlyMatrixView<T> B => _b.View.Slice(1, 1, TransposeB ? Columns : Depth, TransposeB ? Depth : Columns);

    public ProductOptions<T> Options => new()
    {
        TransposeA = TransposeA,
        TransposeB = TransposeB,
        Alpha = _alpha,
        Beta = _beta,
        Relu = Relu,
        Bias = HasBias ? _bias.View.Slice(1, 1, 1, Columns).Row(0) : default,
    };

    /// <summary>A matrix whose inner part is what the result is before the product.</summary>
    public Matrix<T> NewResult() => Matrix<T>.CopyOf(_before.View);

    /// <summary>The part of <see cref="NewResult"/> to give to the product.</summary>
    public MatrixView<T> Inner(Matrix<T> result) => result.View.Slice(1, 1, Rows, Columns);

    /// <summary>Whether a result has the right bits, and nothing around it has been touched.</summary>
    public bool IsRight(Matrix<T> result)
    {
        ReadOnlySpan<T> expected = _after.AsSpan(), found = result.AsSpan();
        for (int i = 0; i < expected.Length; i++)
        {
            if (!Bits(expected[i]).Equals(Bits(found[i])))
                return false;
        }
        return true;
    }

    public override string ToString() =>
        $"{typeof(T).Name} [{Rows}, {Depth}]{(TransposeA ? "^T" : string.Empty)} x [{Depth}, {Columns}]{(TransposeB ? "^T" : string.Empty)}"
        + $", alpha {_alpha}, beta {_beta}, bias {HasBias}, relu {Relu}";

    // All NaN count as one: the hardware is free to choose among them.
    private static T Bits(T number) => T.IsNaN(number) ? T.NaN : T.IsZero(number) && T.IsNegative(number) ? T.NegativeInfinity : number;

    private void Expect()
    {
        ReadOnlyMatrixView<T> a = A, b = B;
        ProductOptions<T> options = Options;
        MatrixView<T> c = Inner(_after);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                T chain = HasBias ? options.Bias[j] : T.IsZero(_beta) ? T.Zero : _beta * c[i, j];
                for (int p = 0; p < Depth; p++)
                    chain = T.FusedMultiplyAdd(TransposeA ? a[p, i] : a[i, p], _alpha * (TransposeB ? b[j, p] : b[p, j]), chain);
                c[i, j] = Relu && chain < T.Zero ? T.Zero : chain;
            }
        }
    }

    private bool Coin() => _random.Next(2) == 0;

    // Of very different sizes and both signs, with some zeros of either sign.
    private T Number() => T.CreateTruncating(
        (_random.NextDouble() - 0.5) * Math.Pow(2, _random.Next(-6, 7)) * (_random.Next(20) == 0 ? 0 : 1));

    private Matrix<T> Within(int rows, int columns)
    {
        var matrix = new Matrix<T>(rows + 2, columns + 1 + _random.Next(1, 4));
        foreach (ref T element in matrix.AsSpan())
            element = T.NaN;
        MatrixView<T> inner = matrix.View.Slice(1, 1, rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                inner[i, j] = Number();
        }
        return matrix;
    }
}
