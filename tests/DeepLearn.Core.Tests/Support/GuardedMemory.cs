using System.Runtime.InteropServices;

namespace DeepLearn.Tests.Support;

/// <summary>
/// Memory between two pages that must not be touched: whoever reads or writes beside it is ended by the system, process and all. So this is
/// for a child process, on Linux.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int NoAccess = 0, ReadAndWrite = 3, PrivateAndAnonymous = 0x22;

    private readonly List<(nint Address, nuint Length)> _mapped = [];

    /// <summary>Some elements, all bits zero.</summary>
    /// <param name="count">How many.</param>
    /// <param name="atEnd">Whether the last stands before the forbidden page; else the first stands behind it.</param>
    public Span<T> Take<T>(int count, bool atEnd)
        where T : unmanaged
    {
        nuint page = (nuint)Environment.SystemPageSize, bytes = (nuint)count * (nuint)sizeof(T);
        nuint inner = (bytes + page - 1) / page * page, length = inner + (2 * page);
        nint address = Map(0, length, NoAccess, PrivateAndAnonymous, -1, 0);
        if (address == -1)
            throw new OutOfMemoryException($"The system does not map {length} bytes.");
        _mapped.Add((address, length));
        nint first = address + (nint)page;
        if (inner > 0 && Protect(first, inner, ReadAndWrite) != 0)
            throw new InvalidOperationException("The system does not open the pages that were mapped.");
        return new((void*)(atEnd ? first + (nint)(inner - bytes) : first), count);
    }

    /// <summary>A copy of some elements.</summary>
    public Span<T> Copy<T>(ReadOnlySpan<T> elements, bool atEnd)
        where T : unmanaged
    {
        Span<T> copy = Take<T>(elements.Length, atEnd);
        elements.CopyTo(copy);
        return copy;
    }

    public void Dispose()
    {
        foreach ((nint address, nuint length) in _mapped)
            Unmap(address, length);
        _mapped.Clear();
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
