namespace DeepLearn.Foundation;

/// <summary>
/// Work that is divided into parts, each of which may run on another thread. Write it as a struct: then a <see cref="WorkerPool"/>
/// allocates nothing for it.
/// </summary>
public interface IParallelBody
{
    /// <summary>Does one part. Parts run in any order and at the same time: no part writes what another part reads or writes.</summary>
    /// <param name="part">The number of the part, from 0.</param>
    void Run(int part);
}
