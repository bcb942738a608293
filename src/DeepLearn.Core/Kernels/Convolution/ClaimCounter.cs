namespace DeepLearn.Kernels.Convolution;

/// <summary>Hands out pieces of work to threads, one after another. Which thread gets a piece does not matter to any result.</summary>
internal sealed class ClaimCounter
{
    private int _claimed;

    /// <summary>Begins again with the first piece.</summary>
    public void Begin() => _claimed = 0;

    /// <summary>The number of the next piece, from 0.</summary>
    public int Next() => Interlocked.Increment(ref _claimed) - 1;
}
