namespace DeepLearn.Kernels.Convolution;

/// <summary>Hands out work items to threads, one after another. No result depends on which thread gets an item.</summary>
internal sealed class ClaimCounter
{
    private int _claimed;

    /// <summary>Starts again with the first item.</summary>
    public void Begin() => _claimed = 0;

    /// <summary>The number of the next item, from 0.</summary>
    public int Next() => Interlocked.Increment(ref _claimed) - 1;
}
