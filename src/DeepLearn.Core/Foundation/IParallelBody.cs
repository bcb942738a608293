namespace DeepLearn.Foundation;

/// <summary>A piece of work that is done in parts, each of which may run on another thread. Written as a struct, so that handing it to a <see cref="WorkerPool"/> allocates nothing.</summary>
public interface IParallelBody
{
    /// <summary>Does one part. Parts run in any order and at the same time, so a part writes nothing that another one touches.</summary>
    /// <param name="part">The number of the part, from 0.</param>
    void Run(int part);
}
