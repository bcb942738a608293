using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;

namespace DeepLearn.Models;

/// <summary>Reusable workspaces for predictions.</summary>
internal sealed class PredictionWorkspaces<T>(LayerRuntime<T> runtime, WorkerPool workers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// A workspace that takes more is not kept, unless it is for few examples: an occasional large batch is not worth the memory.
    /// </summary>
    private const long MostBytesKept = 16L << 20;

    /// <summary>The most examples that go through the network at once.</summary>
    private const int MostExamples = 1024;

    /// <summary>
    /// A larger batch does not go through the network in parts of fewer examples than these. Their workspace is kept, whatever it takes,
    /// so that calls allocate nothing.
    /// </summary>
    private const int FewestExamples = 8;

    private int _mostAtOnce = MostExamples;

    private readonly ReusedParts<LayerWorkspace<T>> _parts = new(static workspace => workspace.Capacity);

    /// <summary>
    /// The most examples that should go through the network at once: fewer than usual if a workspace for them would not be kept. Outputs do
    /// not depend on it.
    /// </summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

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
        long bytes = isNew ? workspace.MemoryInBytes : 0;
        if (bytes <= MostBytesKept || workspace.Capacity <= FewestExamples)
        {
            _parts.GiveBack(workspace);
            return;
        }
        long fewer = Math.Max(MostBytesKept * workspace.Capacity / bytes, FewestExamples);
        int most = (int)BitOperations.RoundUpToPowerOf2((ulong)(fewer + 1)) / 2;
        Volatile.Write(ref _mostAtOnce, Math.Min(MostAtOnce, most));
    }
}
