using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The working memory of a <see cref="Convolution2D"/>: the packed weights, for each thread an image with its padding, and in training the
/// sums of the weights' gradients, one set for each chunk of a batch.
/// </summary>
internal sealed class Convolution2DWorkspace<T> : LayerWorkspace<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int _claimed;

    public Convolution2DWorkspace(Convolution2DRuntime<T> layer, int capacity, RunMode mode, WorkerPool workers)
        : base(capacity, mode, workers)
    {
        bool trains = mode == RunMode.Training;
        if (layer.Winograd is not null)
            Winograd = new(layer.Winograd, capacity, trains, workers.Threads);
        bool isDirect = Winograd is null;
        ConvolutionKernels<T> kernels = layer.Kernels;
        PackedForward = Row(isDirect ? kernels.PackedCount(kernels.Forwards) : 0);
        PackedBackward = Row(isDirect && trains ? kernels.PackedCount(kernels.Backwards) : 0);
        Start = Row(isDirect ? kernels.StartCount : 0);
        PaddedInput = PerThread(isDirect && kernels.Forwards.IsPadded ? kernels.Forwards.PaddedCount : 0);
        PaddedGradient = PerThread(isDirect && trains && kernels.Backwards.IsPadded ? kernels.Backwards.PaddedCount : 0);
        Scratch = PerThread(isDirect && trains ? kernels.ScratchCount : 0);
        Sums = isDirect && trains ? new(layer.Chunks(capacity), Rounded(kernels.SumsCount)) : new(0, 0);

        Matrix<T> PerThread(int count) => new(count == 0 ? 0 : workers.Threads, Rounded(count));
        static Matrix<T> Row(int count) => new(1, count);
    }

    /// <summary>What Winograd's algorithm works in; null for the direct one, which has the rest.</summary>
    public WinogradScratch<T>? Winograd { get; }

    public Matrix<T> PackedForward { get; }

    public Matrix<T> PackedBackward { get; }

    /// <summary>The biases, filled up to whole panels.</summary>
    public Matrix<T> Start { get; }

    public Matrix<T> PaddedInput { get; }

    public Matrix<T> PaddedGradient { get; }

    public Matrix<T> Scratch { get; }

    public Matrix<T> Sums { get; }

    public override long MemoryInBytes => (Winograd?.MemoryInBytes ?? 0)
        + (Unsafe.SizeOf<T>() * ((long)PackedForward.Count + PackedBackward.Count + Start.Count
        + PaddedInput.Count + PaddedGradient.Count + Scratch.Count + Sums.Count));

    /// <summary>Begins to hand out pieces of work from the first.</summary>
    public void BeginClaims() => _claimed = 0;

    /// <summary>The next piece of work. Which thread gets it does not matter to any result.</summary>
    public int Claim() => Interlocked.Increment(ref _claimed) - 1;

    /// <summary>Whole cache lines, so that threads do not share one.</summary>
    private static int Rounded(int count) => (count + 15) & ~15;
}
