using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Adds the sums of all chunks of a batch, in order, in one pass over them: <c>destination = keep * destination + scale * sum</c>. Threads
/// divide the numbers, not the chunks.
/// </summary>
internal unsafe struct ChunkSums<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The fewest numbers that are worth a thread.</summary>
    private const int LeastOfPart = 1 << 14;

    private T* _sums;
    private nint _step;
    private int _chunks;
    private int _count;
    private T _scale;
    private T _keep;
    private T* _destination;
    private int _parts;

    /// <summary>Adds them up.</summary>
    /// <param name="sums">The sums of the first chunk.</param>
    /// <param name="step">From one chunk to the next.</param>
    /// <param name="chunks">The number of chunks.</param>
    /// <param name="count">The numbers of a chunk.</param>
    /// <param name="scale">The factor on the sums.</param>
    /// <param name="keep">The factor on the destination's old values; with 0 they are not read.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="workers">The threads.</param>
    public static void Finish(T* sums, nint step, int chunks, int count, T scale, T keep, T* destination, WorkerPool workers)
    {
        var body = new ChunkSums<T>
        {
            _sums = sums,
            _step = step,
            _chunks = chunks,
            _count = count,
            _scale = scale,
            _keep = keep,
            _destination = destination,
            _parts = Math.Clamp(count / LeastOfPart, 1, workers.Threads),
        };
        workers.Run(ref body, body._parts);
    }

    /// <summary>A share of the numbers.</summary>
    /// <param name="part">Which.</param>
    public readonly void Run(int part)
    {
        int line = WinogradSizes<T>.LineOfCache, lines = (_count + line - 1) / line;
        var share = new Share(part, _parts);
        int start = share.First(lines) * line, count = Math.Min(_count, share.End(lines) * line) - start;
        T* from = _sums + start, to = _destination + start;
        switch (LaneWidth.ForSpan((nint)count * sizeof(T)))
        {
            case 512 when LaneWidth.Has512:
                Add<Lanes512<T>>(from, count, to);
                break;
            case 256:
                Add<Lanes256<T>>(from, count, to);
                break;
            case 128:
                Add<Lanes128<T>>(from, count, to);
                break;
            default:
                Add<Lane<T>>(from, count, to);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Add<TLanes>(T* from, int count, T* to)
        where TLanes : struct, ILanes<TLanes, T>
    {
        nint step = _step;
        int chunks = _chunks;
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            AddOne<TLanes>(from + i, step, chunks, to + i);
        for (; i < count; i++)
            AddOne<Lane<T>>(from + i, step, chunks, to + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void AddOne<TLanes>(T* from, nint step, int chunks, T* to)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes total = TLanes.Load(in *from);
        for (int chunk = 1; chunk < chunks; chunk++)
        {
            from += step;
            total += TLanes.Load(in *from);
        }
        GradientStore.Store(total, _scale, _keep, to);
    }
}
