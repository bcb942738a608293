namespace DeepLearn.Foundation;

/// <summary>
/// Work that several threads do one behind the other: a stage of a part begins when the part before it has ended the same stage. So what a
/// part writes in a stage, the next one may read and go on with. Written as a struct, which may be a <c>ref struct</c>; handing it to
/// <see cref="WorkerPool.RunInOrder"/> allocates nothing.
/// </summary>
public interface IOrderedBody
{
    /// <summary>
    /// Does one stage of one part. All that parts before this one did in this stage and in those before it is done and visible; stages of
    /// other parts run at the same time.
    /// </summary>
    /// <param name="part">The number of the part, from 0.</param>
    /// <param name="stage">The number of the stage, from 0. A part runs its stages in order, on one thread.</param>
    void Run(int part, int stage);
}
