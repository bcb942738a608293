using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;

namespace DeepLearn.Models;

/// <summary>
/// Working memory for predictions that is used again: whoever predicts takes a workspace, which nobody else has then, and gives it back. So
/// many threads predict at once, and none of them allocates.
/// </summary>
internal sealed class PredictionWorkspaces<T>(LayerRuntime<T> runtime, WorkerPool workers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A workspace that takes more is not kept: a large batch now and then is not worth the memory.</summary>
    private const long MostBytesKept = 16L << 20;

    // As many as may be in use at once; the first ones are looked at first.
    private readonly LayerWorkspace<T>?[] _kept = new LayerWorkspace<T>?[Math.Max(4, 2 * Environment.ProcessorCount)];

    /// <summary>Takes a workspace with room for some examples; makes one where none is kept that nobody else has.</summary>
    /// <param name="count">The number of examples.</param>
    /// <param name="isNew">Whether it was made for this call.</param>
    public LayerWorkspace<T> Take(int count, out bool isNew)
    {
        isNew = false;
        foreach (ref LayerWorkspace<T>? place in _kept.AsSpan())
        {
            if (Volatile.Read(ref place) is { } kept && kept.Capacity >= count
                && Interlocked.CompareExchange(ref place, null, kept) == kept)
            {
                return kept;
            }
        }
        isNew = true;
        return runtime.CreateWorkspace((int)BitOperations.RoundUpToPowerOf2((uint)count), RunMode.Inference, workers);
    }

    /// <summary>Gives a workspace back: to an empty place, or in the place of a smaller one.</summary>
    /// <param name="workspace">The workspace, which the caller does not use any more.</param>
    /// <param name="isNew">Whether it was made when it was taken: then its memory is looked at.</param>
    public void GiveBack(LayerWorkspace<T> workspace, bool isNew)
    {
        if (isNew && workspace.MemoryInBytes > MostBytesKept)
            return;
        foreach (ref LayerWorkspace<T>? place in _kept.AsSpan())
        {
            LayerWorkspace<T>? kept = Volatile.Read(ref place);
            if ((kept is null || kept.Capacity < workspace.Capacity) && Interlocked.CompareExchange(ref place, workspace, kept) == kept)
                return;
        }
    }
}
