namespace DeepLearn.Foundation;

/// <summary>
/// Work that is divided into parts, each of which may run on another thread. Write it as a struct: then a <see cref="WorkerPool"/>
/// allocates nothing for it.
/// </summary>
/// <example><code>
/// var numbers = new double[10_000];
/// var body = new SquareParts(numbers, lengthOfPart: 1_000);
/// workers.Run(ref body, parts: 10);
///
/// readonly struct SquareParts(double[] numbers, int lengthOfPart) : IParallelBody
/// {
///     public void Run(int part)
///     {
///         for (int i = part * lengthOfPart; i &lt; Math.Min((part + 1) * lengthOfPart, numbers.Length); i++)
///             numbers[i] *= numbers[i];
///     }
/// }
/// </code></example>
public interface IParallelBody
{
    /// <summary>Does one part. Parts run in any order and at the same time: no part writes what another part reads or writes.</summary>
    /// <param name="part">The number of the part, from 0.</param>
    void Run(int part);
}
