using DeepLearn.Benchmarks.Columns;

namespace DeepLearn.Benchmarks.Elementwise;

/// <summary>A kernel on matrices of one shape, by name.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Rows">The rows of each matrix.</param>
/// <param name="Columns">The columns of each matrix.</param>
/// <param name="Elements">How many elements are read or written for each one of the shape.</param>
public sealed record KernelRow(string Kernel, int Rows, int Columns, double Elements) : IWork
{
    /// <summary>None: what a kernel computes for an element is not counted, and is seldom what bounds it.</summary>
    double IWork.Operations => 0;

    /// <inheritdoc/>
    double IWork.Elements => Elements * Rows * Columns;

    /// <summary>The kernel and the shape.</summary>
    public override string ToString() => $"{Kernel} {Rows}x{Columns}";
}
