using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;

namespace DeepLearn.Models;

/// <summary>Reusable workspaces for predictions.</summary>
internal sealed class PredictionWorkspaces<T>(LayerRuntime<T> runtime, WorkerPool workers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A workspace that takes more is not kept: an occasional large batch is not worth the memory.</summary>
    private const long MostBytesKept = 16L << 20;

    private readonly ReusedParts<LayerWorkspace<T>> _parts = new(static workspace => workspace.Capacity);

    /// <summary>Takes a workspace with room for some examples, or makes one if none is free.</summary>
    /// <param name="count">The number of examples.</param>
    /// <param name="isNew">Whether it was made for this call.</param>
    public LayerWorkspace<T> Take(int count, out bool isNew)
    {
        LayerWorkspace<T>? kept = _parts.TryTake(count);
        isNew = kept is null;
        return kept ?? runtime.CreateWorkspace((int)BitOperations.RoundUpToPowerOf2((uint)count), RunMode.Inference, workers);
    }

    /// <summary>Gives a workspace back.</summary>
    /// <param name="workspace">The workspace, which the caller does not use any more.</param>
    /// <param name="isNew">Whether it was made when it was taken: only then is its size compared with the limit.</param>
    public void GiveBack(LayerWorkspace<T> workspace, bool isNew)
    {
        if (!isNew || workspace.MemoryInBytes <= MostBytesKept)
            _parts.GiveBack(workspace);
    }
}
