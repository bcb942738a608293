using DeepLearn.Benchmarks.Columns;

namespace DeepLearn.Benchmarks.Products;

/// <summary>
/// Which operands of a product are stored transposed, in the letters of BLAS: the first letter is for A, the second for B.
/// </summary>
public enum Transposition
{
    /// <summary>A B: the forward pass, X W.</summary>
    NN,

    /// <summary>A^T B: the gradient of the weights, X^T G.</summary>
    TN,

    /// <summary>A B^T: the gradient of the input, G W^T.</summary>
    NT,
}

/// <summary>A matrix product: <c>op(A) [M, K]</c> times <c>op(B) [K, N]</c>.</summary>
/// <param name="M">The rows of the result.</param>
/// <param name="K">The length of the sums.</param>
/// <param name="N">The columns of the result.</param>
/// <param name="Transposition">Which operand is stored transposed.</param>
/// <param name="Group">What it belongs to: <c>square</c>, <c>convolution</c>, or the widths of a network.</param>
/// <param name="Batch">The number of examples, or 0 for a square.</param>
/// <param name="Role">What it is for.</param>
public sealed record ProductShape(int M, int K, int N, Transposition Transposition, string Group, int Batch, string Role) : IWork
{
    /// <summary>Whether the product is added to the old result (a beta of 1).</summary>
    public bool Accumulates { get; init; }

    /// <summary>Whether a bias is added and a ReLU follows; a peer that cannot do that in the product does it in a second pass.</summary>
    public bool HasBiasAndRelu { get; init; }

    /// <summary>The seed that its sizes were drawn with; 0 if they were not drawn.</summary>
    public int Seed { get; init; }

    /// <summary>The three sizes: M x K x N.</summary>
    public string Name => $"{M}x{K}x{N}";

    /// <summary>Where the product occurs, in words.</summary>
    public string Description => Group switch
    {
        ProductShapes.Square => Role,
        ProductShapes.Convolution => $"{Group}, {Role}",
        _ => $"{Group}, batch {Batch}, {Role}",
    };

    /// <summary>Whether A is stored transposed.</summary>
    public bool TransposeA => Transposition == Transposition.TN;

    /// <summary>Whether B is stored transposed.</summary>
    public bool TransposeB => Transposition == Transposition.NT;

    /// <summary>The floating-point operations: a multiplication and an addition for each term.</summary>
    public double Flops => 2.0 * M * K * N;

    /// <inheritdoc/>
    double IWork.Operations => Flops;

    /// <inheritdoc/>
    double IWork.Elements => ((double)M * K) + ((double)K * N) + ((double)M * N);

    /// <summary>The rows of A as it is stored.</summary>
    public int RowsOfA => TransposeA ? K : M;

    /// <summary>The columns of A as it is stored.</summary>
    public int ColumnsOfA => TransposeA ? M : K;

    /// <summary>The rows of B as it is stored.</summary>
    public int RowsOfB => TransposeB ? N : K;

    /// <summary>The columns of B as it is stored.</summary>
    public int ColumnsOfB => TransposeB ? K : N;

    /// <summary>Whether all words of a filter occur in the shape's name, transposition or description.</summary>
    public bool Matches(string filter)
    {
        string text = $"{Name} {Transposition} {Group} {Description}";
        return filter
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .All(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The sizes and the transposition.</summary>
    public override string ToString() => $"{Name} {Transposition}";
}
