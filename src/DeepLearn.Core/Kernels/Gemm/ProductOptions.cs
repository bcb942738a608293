using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;

namespace DeepLearn.Kernels.Gemm;

/// <summary>The options of a matrix product: transpositions, factors, bias and ReLU.</summary>
/// <remarks>
/// Create it with <c>new()</c>: a <c>default</c> value has an alpha of 0, since no constructor has run.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct ProductOptions<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The plain product: nothing transposed, alpha 1, beta 0.</summary>
    public ProductOptions()
    {
        Alpha = T.One;
    }

    /// <summary>Whether A is read as its transpose. Default false.</summary>
    public bool TransposeA { get; init; }

    /// <summary>Whether B is read as its transpose. Default false.</summary>
    public bool TransposeB { get; init; }

    /// <summary>The factor on the product. It multiplies the elements of B, each rounded once, before they are used. Default 1.</summary>
    public T Alpha { get; init; }

    /// <summary>The factor on the old result. With 0, the default, the old result is not read, so a NaN there is harmless.</summary>
    public T Beta { get; init; }

    /// <summary>
    /// One number for each column of the result, from which the sum of each element starts. Empty, the default, for no bias. It cannot be
    /// combined with a beta other than 0.
    /// </summary>
    public ReadOnlySpan<T> Bias { get; init; }

    /// <summary>Whether negative results become 0 (ReLU). NaN stays NaN. Default false.</summary>
    public bool Relu { get; init; }

    /// <summary>The value from which the chain of each element starts.</summary>
    internal ChainStart StartOfChains(bool hasBias) =>
        hasBias ? ChainStart.Bias : T.IsZero(Beta) ? ChainStart.Zero : Beta == T.One ? ChainStart.Result : ChainStart.ScaledResult;
}
