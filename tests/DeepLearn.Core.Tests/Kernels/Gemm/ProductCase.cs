using System.Numerics;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;

namespace DeepLearn.Tests.Kernels.Gemm;

/// <summary>
/// A product of random matrices inside larger ones, with what it must give by a loop that does nothing but follow the definition.
/// </summary>
internal sealed class ProductCase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The column at which each operand starts within its larger matrix.
    private readonly int _firstOfA;
    private readonly int _firstOfB;
    private readonly int _firstOfC;
    private readonly int _firstRowOfC;
    private readonly int _firstOfBias;
    private readonly Random _random;
    private readonly bool _special;
    private readonly Matrix<T> _a;
    private readonly Matrix<T> _b;
    private readonly Matrix<T> _before;
    private readonly Matrix<T> _after;
    private readonly Matrix<T> _bias;
    private readonly T _alpha;
    private readonly T _beta;

    /// <summary>A case that the seed decides.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="m">The rows of the result.</param>
    /// <param name="n">The columns of the result.</param>
    /// <param name="k">The terms of each element.</param>
    /// <param name="finite">Whether there are ordinary numbers alone, no NaN, infinities, subnormal numbers and the largest ones.</param>
    /// <param name="form">What is transposed, and whether there is an alpha; null leaves that to the seed.</param>
    /// <param name="apart">Whether the result is a matrix of its own, so that the numbers of one column stand side by side.</param>
    public ProductCase(int seed, int m, int n, int k, bool finite = false, ProductForm? form = null, bool apart = false)
    {
        _random = new Random(seed);
        _special = _random.Next(4) == 0 && !finite;
        (Rows, Columns, Depth) = (m, n, k);
        form ??= new(Coin(), Coin(), Coin());
        TransposeA = form.TransposeA;
        TransposeB = form.TransposeB;
        Relu = Coin();
        _alpha = form.Scaled ? Number() : T.One;
        _beta = _random.Next(3) switch { 0 => T.Zero, 1 => T.One, _ => Number() };
        HasBias = T.IsZero(_beta) && Coin();
        _a = Within(TransposeA ? k : m, TransposeA ? m : k, out _firstOfA);
        _b = Within(TransposeB ? n : k, TransposeB ? k : n, out _firstOfB);
        _bias = Within(1, n, out _firstOfBias);
        _before = Within(m, n, out _firstOfC);
        _firstRowOfC = 1;
        if (apart)
        {
            _before = Matrix<T>.CopyOf(_before.View.Slice(1, _firstOfC, m, n));
            _firstRowOfC = _firstOfC = 0;
        }
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

    public ReadOnlyMatrixView<T> A => _a.View.Slice(1, _firstOfA, TransposeA ? Depth : Rows, TransposeA ? Rows : Depth);

    public ReadOnlyMatrixView<T> B => _b.View.Slice(1, _firstOfB, TransposeB ? Columns : Depth, TransposeB ? Depth : Columns);

    public ProductOptions<T> Options => new()
    {
        TransposeA = TransposeA,
        TransposeB = TransposeB,
        Alpha = _alpha,
        Beta = _beta,
        Relu = Relu,
        Bias = HasBias ? _bias.View.Slice(1, _firstOfBias, 1, Columns).Row(0) : default,
    };

    /// <summary>A matrix whose inner part is what the result is before the product.</summary>
    public Matrix<T> NewResult() => Matrix<T>.CopyOf(_before.View);

    /// <summary>The part of <see cref="NewResult"/> to give to the product.</summary>
    public MatrixView<T> Inner(Matrix<T> result) => result.View.Slice(_firstRowOfC, _firstOfC, Rows, Columns);

    /// <summary>Whether a result has the right bits, and nothing around it has been touched.</summary>
    public bool IsRight(Matrix<T> result)
    {
        ReadOnlySpan<T> expected = _after.AsSpan(), found = result.AsSpan();
        for (int i = 0; i < expected.Length; i++)
        {
            if (Bits.Of(expected[i]) != Bits.Of(found[i]))
                return false;
        }
        return true;
    }

    public override string ToString() =>
        $"{typeof(T).Name} [{Rows}, {Depth}]{(TransposeA ? "^T" : string.Empty)} x [{Depth}, {Columns}]{(TransposeB ? "^T" : string.Empty)}"
        + $", alpha {_alpha}, beta {_beta}, bias {HasBias}, relu {Relu}";

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
    private T Number()
    {
        if (_special && _random.Next(60) == 0)
            return Special();
        return T.CreateTruncating((_random.NextDouble() - 0.5) * Math.Pow(2, _random.Next(-6, 7)) * (_random.Next(20) == 0 ? 0 : 1));
    }

    private T Special() => _random.Next(8) switch
    {
        0 => T.NaN,
        1 => T.PositiveInfinity,
        2 => T.NegativeInfinity,
        3 => T.NegativeZero,
        4 => T.Epsilon * T.CreateTruncating(_random.Next(1, 1000)),
        5 => -T.Epsilon * T.CreateTruncating(_random.Next(1, 1000)),
        6 => T.CreateTruncating(typeof(T) == typeof(float) ? float.MaxValue : double.MaxValue) * T.CreateTruncating(Coin() ? 1 : -0.75),
        _ => T.CreateTruncating(typeof(T) == typeof(float) ? 1.1754944e-38 : 2.2250738585072014e-308),
    };

    // Inside a larger matrix, of which whatever is touched beside is seen; mostly with a few columns more, but rows may also follow each
    // other without a gap, start at a power of two, or lie far apart.
    private Matrix<T> Within(int rows, int columns, out int first)
    {
        (first, int stride) = _random.Next(8) switch
        {
            0 => (0, columns),
            1 => (1, columns + 1),
            2 => (1, (int)BitOperations.RoundUpToPowerOf2((uint)columns + 1)),
            3 => (1, columns + 60 + _random.Next(9)),
            _ => (1, columns + 1 + _random.Next(1, 4)),
        };
        var matrix = new Matrix<T>(rows + 2, stride);
        matrix.AsSpan().Fill(T.NaN);
        MatrixView<T> inner = matrix.View.Slice(1, first, rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                inner[i, j] = Number();
        }
        return matrix;
    }
}

/// <summary>What of a product decides on the path it takes, beside its sizes.</summary>
/// <param name="TransposeA">Whether A is read as its transpose.</param>
/// <param name="TransposeB">Whether B is read as its transpose.</param>
/// <param name="Scaled">Whether there is an alpha other than 1.</param>
internal sealed record ProductForm(bool TransposeA, bool TransposeB, bool Scaled);
