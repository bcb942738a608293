using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// How a matrix product is taken: which operands are transposed, how it is scaled, and what happens to the result on the way out.
/// </summary>
/// <remarks>Made by <c>new()</c>: a <c>default</c> value has no constructor run, and an alpha of 0.</remarks>
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

    /// <summary>The factor on what stands in the result before. 0, the default, never reads it, so that NaN there is harmless.</summary>
    public T Beta { get; init; }

    /// <summary>
    /// One number for each column of the result, to start each element's sum from; empty, the default, for none. Not together with a
    /// beta other than 0.
    /// </summary>
    public ReadOnlySpan<T> Bias { get; init; }

    /// <summary>Whether negative results become 0, as in a rectified linear unit. NaN stays NaN. Default false.</summary>
    public bool Relu { get; init; }

    /// <summary>From what the chain of each element starts.</summary>
    internal ChainStart StartOfChains(bool hasBias) =>
        hasBias ? ChainStart.Bias : T.IsZero(Beta) ? ChainStart.Zero : Beta == T.One ? ChainStart.Result : ChainStart.ScaledResult;
}
