using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Products;

/// <summary>
/// The least time that a product can take as long as each element of the result is one chain of multiply-adds over K, in order, which is
/// what makes results independent of vectors, threads and the rows around them.
/// </summary>
/// <remarks>
/// It is the longest of five things that overlap at best: the multiply-adds at the FMA peak, in whole vectors; the latency of one chain;
/// transposing in registers, where a matrix is stored along K and the result has few rows or columns; reading the operands and writing the
/// result, at the speed of the cache that holds all three, or of memory. What a call costs before it has anything to do comes on top. The
/// speed of transposing is that of the library's own loads by themselves (<see cref="Transposing"/>): a better way would lower the bound.
/// </remarks>
/// <param name="Nanoseconds">The time.</param>
/// <param name="Cause">What takes it.</param>
internal readonly record struct ProductBound(double Nanoseconds, string Cause)
{
    /// <summary>A result with no more rows, or columns, takes the paths of few rows or columns.</summary>
    public const int Few = 8;

    /// <summary>The bound of a product.</summary>
    /// <param name="shape">The product.</param>
    /// <param name="elementBytes">4 for float, 8 for double.</param>
    /// <param name="threads">The number of threads, among which all but memory and the latency is divided.</param>
    /// <param name="peakGflops">The FMA peak of one core.</param>
    /// <param name="vectorBits">The narrowest vectors that reach the peak.</param>
    /// <param name="machine">The other speeds of this machine.</param>
    public static ProductBound Of(
        ProductShape shape, int elementBytes, int threads, double peakGflops, int vectorBits, MachineSpeeds machine)
    {
        double result = (double)shape.M * shape.N * elementBytes;
        double operands = (((double)shape.M * shape.K) + ((double)shape.K * shape.N)) * elementBytes;
        MemoryLevel level = machine.LevelOf((operands + result) / threads);
        double transposing = elementBytes == sizeof(float) ? machine.FloatTransposing : machine.DoubleTransposing;
        int sharers = level.IsMemory ? 1 : threads;
        (double Nanoseconds, string Cause)[] parts =
        [
            (WholeVectors(shape, vectorBits / 8 / elementBytes) / peakGflops / threads, "multiplying"),
            (shape.K * machine.LinkNanoseconds, "the latency of a chain"),
            (TransposedElements(shape) * elementBytes / transposing / threads, "transposing in registers"),
            (operands / level.Reading / sharers, $"reading, {level.Name}"),
            (result / (shape.Accumulates ? level.Updating : level.Writing) / sharers, $"writing, {level.Name}"),
        ];
        (double longest, string cause) = parts.MaxBy(part => part.Nanoseconds);
        return new(longest, cause);
    }

    // The operations, with those that complete the vectors: along the rows of the result or along its columns.
    private static double WholeVectors(ProductShape shape, int lanes) =>
        2.0 * shape.K * Math.Min((double)shape.M * Completed(shape.N, lanes), (double)Completed(shape.M, lanes) * shape.N);

    private static int Completed(int count, int lanes) => (count + lanes - 1) / lanes * lanes;

    /// <summary>The kind of a product, in words, by what its size asks for.</summary>
    public static string Family(ProductShape shape) => shape switch
    {
        { N: <= Few } => $"1 to 8 columns, {shape.Transposition}",
        { M: <= Few, Transposition: Transposition.NT } => "1 to 8 rows, NT",
        { K: <= 16 } => $"K of 1 to 16, {shape.Transposition}",
        { M: <= Few } => $"1 to 8 rows, {shape.Transposition}",
        { M: <= 64, Transposition: Transposition.NT } => "9 to 64 rows, NT",
        _ => "all others",
    };

    // The elements that are stored along K, while a vector must hold those of several rows; where either matrix will do, the smaller.
    private static double TransposedElements(ProductShape shape)
    {
        double ofA = (double)shape.M * shape.K, ofB = (double)shape.N * shape.K;
        return shape switch
        {
            { K: 1 } => 0,
            { Transposition: Transposition.NN, N: <= Few } => ofA,
            { Transposition: Transposition.NT, N: <= Few } when shape.M > Few || ofA < ofB => ofA,
            { Transposition: Transposition.NT } => ofB,
            _ => 0,
        };
    }
}
