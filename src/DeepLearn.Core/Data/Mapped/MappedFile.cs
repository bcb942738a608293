using System.IO.MemoryMappedFiles;

namespace DeepLearn.Data.Mapped;

/// <summary>A file that is read as memory: the operating system loads what is read, and drops it when memory is short.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly string _path;
    private byte* _start;

    public MappedFile(string path, FileStream stream)
    {
        _path = path;
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start + _view.PointerOffset;
    }

    // Memory of the file that is still referred to keeps the mapping alive.
    ~MappedFile() => Release();

    public byte* PointerAt(long offset)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return _start + offset;
    }

    public override string ToString() => _path;

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
        _view.Dispose();
        _file.Dispose();
    }

    private void Release()
    {
        if (_start is null)
            return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
    }
}
