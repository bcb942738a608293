using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>The initial values of a parameter. An immutable value.</summary>
public abstract record Initializer
{
    /// <summary>Chosen by what follows: see <see cref="AutomaticInitializer"/>.</summary>
    public static AutomaticInitializer Automatic { get; } = new();

    /// <summary>Fills a parameter.</summary>
    /// <remarks>The numbers are drawn in double and rounded, so that a model at float begins where the same model at double does.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="fanIn">The number of inputs that one output sums over.</param>
    /// <param name="fanOut">The number of outputs that one input reaches.</param>
    /// <param name="key">The name of the random numbers to use.</param>
    /// <param name="destination">The parameter's value, all of which is written.</param>
    public abstract void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
