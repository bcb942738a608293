using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeepLearn.Kernels.Gemm.Packing;

/// <summary>
/// Memory for packed panels. Each thread has its own block, on pages of its own. It is kept from one product to the next, and grows
/// when a larger product comes; so a repeated product allocates nothing.
/// </summary>
internal sealed unsafe class PanelMemory
{
    /// <summary>
    /// The size of a page. A thread that writes to the end of its block again and again has the lines behind it fetched, too, but not
    /// beyond the page. If they were another thread's, that one would wait for them.
    /// </summary>
    private const int Page = 4096;

    [ThreadStatic]
    private static PanelMemory? _ofThread;

    private ulong[] _storage = []; // an array has a limited number of elements, whatever their size
    private byte* _first;
    private nuint _length;

    /// <summary>Returns at least the given number of bytes, uninitialized. They belong to the thread until its next call.</summary>
    public static byte* Rent(nuint bytes)
    {
        PanelMemory memory = _ofThread ??= new PanelMemory();
        if (memory._length < bytes)
            memory.Grow(bytes);
        return memory._first;
    }

    private void Grow(nuint bytes)
    {
        _length = 0;
        _storage = []; // let the old block go first
        nuint elements = (bytes + (2 * Page) + sizeof(ulong) - 1) / sizeof(ulong);
        if (elements > (nuint)Array.MaxLength)
            throw new OutOfMemoryException($"A product would need {bytes} bytes of its own beside its operands.");
        _storage = GC.AllocateUninitializedArray<ulong>((int)elements, pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_storage));
        _first = (byte*)((address + Page - 1) / Page * Page);
        _length = bytes;
    }
}
