using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Layers;

/// <summary>
/// What one caller brings to run one layer: the threads, the random numbers of the step and, in derived types, the layer's working memory.
/// One caller at a time uses it. Several callers, each with a workspace of its own, may run one layer at the same time.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public class LayerWorkspace<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a workspace without working memory, for a layer that needs none.</summary>
    /// <param name="capacity">The largest number of examples in a pass, at least 1.</param>
    /// <param name="mode">What the passes are for.</param>
    /// <param name="workers">The threads to use.</param>
    public LayerWorkspace(int capacity, RunMode mode, WorkerPool workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentNullException.ThrowIfNull(workers);
        Capacity = capacity;
        Mode = mode;
        Workers = workers;
    }

    /// <summary>The largest number of examples in a pass.</summary>
    public int Capacity { get; }

    /// <summary>What the passes are for.</summary>
    public RunMode Mode { get; }

    /// <summary>The threads to use. They never change a result.</summary>
    public WorkerPool Workers { get; }

    /// <summary>The name of the random numbers of the next pass. The training step sets it anew.</summary>
    public RandomKey Noise { get; private set; }

    /// <summary>The size of the working memory in bytes, that of inner layers and their activations included. Default 0.</summary>
    public virtual long MemoryInBytes => 0;

    /// <summary>Names the random numbers of the next pass. A layer of layers gives each inner layer a key derived from this one.</summary>
    /// <param name="noise">The key, different for every step.</param>
    public virtual void SetNoise(RandomKey noise) => Noise = noise;
}
