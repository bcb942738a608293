using DeepLearn.Benchmarks.Columns;

namespace DeepLearn.Benchmarks.Elementwise;

/// <summary>A kernel on matrices of one shape, by name.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Rows">The rows of each matrix.</param>
/// <param name="Columns">The columns of each matrix.</param>
/// <param name="Elements">The number of elements read or written for each element of the shape.</param>
public sealed record KernelRow(string Kernel, int Rows, int Columns, double Elements) : IWork
{
    /// <summary>0: the operations of a kernel are not counted, and seldom limit it.</summary>
    double IWork.Operations => 0;

    /// <inheritdoc/>
    double IWork.Elements => Elements * Rows * Columns;

    /// <summary>The kernel and the shape.</summary>
    public override string ToString() => $"{Kernel} {Rows}x{Columns}";
}
