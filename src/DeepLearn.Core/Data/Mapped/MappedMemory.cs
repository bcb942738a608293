using System.Buffers;

namespace DeepLearn.Data.Mapped;

/// <summary>Some of the bytes of a mapped file, as memory that a batch can refer to.</summary>
internal sealed unsafe class MappedMemory(MappedFile file, long offset, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => new(file.PointerAt(offset), length);

    // Mapped memory does not move.
    public override MemoryHandle Pin(int elementIndex = 0) => new(file.PointerAt(offset) + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
