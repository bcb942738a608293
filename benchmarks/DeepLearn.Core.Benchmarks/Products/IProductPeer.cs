using System.Numerics;

namespace DeepLearn.Benchmarks.Products;

/// <summary>Another implementation of the matrix product, to be measured beside ours.</summary>
internal interface IProductPeer
{
    /// <summary>The name in options, tables and JSON.</summary>
    string Name { get; }

    /// <summary>Version and configuration, for the head of a report.</summary>
    string Description { get; }

    /// <summary>Why it cannot be measured here, and what it needs; null if it can.</summary>
    string? Unavailable { get; }

    /// <summary>The number of rounds for a shape: 0 to leave it out, few if a call takes long.</summary>
    int Rounds(ProductShape shape, int threads);

    /// <summary>Prepares a product.</summary>
    IProductRun<T> Prepare<T>(ProductOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>A product that one candidate has prepared, with a result of its own.</summary>
internal interface IProductRun<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets what belongs to the library and not to the call: its number of threads.</summary>
    void Before();

    /// <summary>Computes the product.</summary>
    void Multiply();

    /// <summary>An element of the result, to check it.</summary>
    T Result(int row, int column);
}
