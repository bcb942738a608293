using System.Buffers;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>
/// Where the examples of a batch stand as bytes: in the memory of the data set if they share one memory, otherwise in a copy.
/// </summary>
internal sealed class ByteReferences(int capacity, int features)
{
    /// <summary>The least number of bytes for each thread: with fewer, another thread costs more than it saves.</summary>
    private const int BytesWorthAThread = 1 << 14;

    private readonly int[] _starts = new int[capacity];
    private byte[]? _copies;

    /// <summary>The memory that the examples stand in.</summary>
    public ReadOnlyMemory<byte> Source { get; private set; }

    /// <summary>The bytes of the memory that is held here.</summary>
    public long MemoryInBytes => (_starts.Length * (long)sizeof(int)) + (_copies?.LongLength ?? 0);

    /// <summary>Where each example begins.</summary>
    /// <param name="count">The number of examples in use.</param>
    public ReadOnlySpan<int> Starts(int count) => _starts.AsSpan(0, count);

    /// <summary>Finds the examples of a data set that holds bytes.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="indices">Which examples.</param>
    /// <param name="workers">The threads that share the copying, where that has to be.</param>
    public void Find(Dataset dataset, ReadOnlySpan<int> indices, WorkerPool workers)
    {
        object? common = null;
        Source = default;
        for (int i = 0; i < indices.Length; i++)
        {
            ReadOnlyMemory<byte> memory = Owner(dataset.Bytes(indices[i]), out object? owner, out _starts[i]);
            if (owner is null || (i > 0 && owner != common))
            {
                Copy(dataset, indices, workers);
                return;
            }
            common = owner;
            Source = memory;
        }
    }

    /// <summary>What a piece of memory is a part of, and where it begins there; no owner where that is unknown.</summary>
    private static ReadOnlyMemory<byte> Owner(ReadOnlyMemory<byte> piece, out object? owner, out int start)
    {
        if (MemoryMarshal.TryGetArray(piece, out ArraySegment<byte> segment))
        {
            owner = segment.Array;
            start = segment.Offset;
            return segment.Array;
        }
        if (MemoryMarshal.TryGetMemoryManager(piece, out MemoryManager<byte>? manager, out start, out _))
        {
            owner = manager;
            return manager.Memory;
        }
        owner = null;
        return default;
    }

    private void Copy(Dataset dataset, ReadOnlySpan<int> indices, WorkerPool workers)
    {
        _copies ??= GC.AllocateUninitializedArray<byte>(checked(_starts.Length * features));
        for (int i = 0; i < indices.Length; i++)
            _starts[i] = i * features;
        Source = _copies;
        int parts = (int)Math.Clamp((long)indices.Length * features / BytesWorthAThread, 1, workers.Threads);
        var body = new Part { Dataset = dataset, Indices = indices, Destination = _copies, Features = new(features, parts) };
        workers.Run(ref body, parts);
    }

    /// <summary>
    /// Some of the features of all examples, divided as the first layer divides them: what a thread writes, it will read.
    /// </summary>
    private ref struct Part : IParallelBody
    {
        public required Dataset Dataset;
        public required ReadOnlySpan<int> Indices;
        public required Span<byte> Destination;
        public required EvenDivision Features;

        public readonly void Run(int part)
        {
            int first = Features.First(part), count = Features.Count(part);
            for (int i = 0; i < Indices.Length; i++)
                Dataset.Bytes(Indices[i]).Span.Slice(first, count).CopyTo(Destination.Slice((i * Features.Total) + first, count));
        }
    }
}
