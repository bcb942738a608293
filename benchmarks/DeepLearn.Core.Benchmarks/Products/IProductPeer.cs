using System.Numerics;

namespace DeepLearn.Benchmarks.Products;

/// <summary>Another way to take a matrix product, to be measured beside ours.</summary>
internal interface IProductPeer
{
    /// <summary>The name in options, tables and JSON.</summary>
    string Name { get; }

    /// <summary>Version and configuration, for the head of a report.</summary>
    string Description { get; }

    /// <summary>Why it cannot be measured here, and what it needs; null where it can.</summary>
    string? Unavailable { get; }

    /// <summary>How many rounds it is worth on a shape: 0 for none, few where a call takes long.</summary>
    int Rounds(ProductShape shape, int threads);

    /// <summary>Makes the product ready to be taken.</summary>
    IProductRun<T> Prepare<T>(ProductOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>One product, ready to be taken by one candidate, with a result of its own.</summary>
internal interface IProductRun<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets what is the library's and not the call's: its number of threads.</summary>
    void Before();

    /// <summary>Takes the product.</summary>
    void Multiply();

    /// <summary>The element of the result at a row and column, to see that it is the product.</summary>
    T Result(int row, int column);
}
