namespace DeepLearn.Data.Csv;

/// <summary>
/// An array that grows by blocks while its length is unknown. A column of a table so takes at most the memory of its blocks and of one
/// array.
/// </summary>
/// <typeparam name="T">The type of an element.</typeparam>
internal sealed class GrowingArray<T>
{
    private const int SmallestBlock = 16;
    private const int LargestBlock = 1 << 16;

    private readonly List<T[]> _full = [];
    private T[] _block = new T[SmallestBlock];
    private int _used;
    private int _before;

    /// <summary>The number of elements.</summary>
    public int Count => _before + _used;

    /// <summary>Adds an element.</summary>
    public void Add(T item)
    {
        if (_used == _block.Length)
            Grow();
        _block[_used++] = item;
    }

    /// <summary>Makes room for an expected number of elements: where they do not become more, they are never copied.</summary>
    /// <remarks>What is not used of it is memory that nobody touches, which the operating system does not give.</remarks>
    public void Expect(int count)
    {
        if (count <= Count || count <= _block.Length)
            return;
        T[] all = GC.AllocateUninitializedArray<T>(count);
        int used = Count;
        CopyTo(all);
        _full.Clear();
        (_block, _used, _before) = (all, used, 0);
    }

    /// <summary>Gives the elements away; this object is then empty.</summary>
    public ReadOnlyMemory<T> Take()
    {
        ReadOnlyMemory<T> all = _full.Count == 0 ? _block.AsMemory(0, _used) : TakeArray();
        _full.Clear();
        (_block, _used, _before) = ([], 0, 0);
        return all;
    }

    /// <summary>Moves the elements into one array; this object is then empty.</summary>
    public T[] TakeArray()
    {
        var all = new T[Count];
        CopyTo(all);
        _full.Clear();
        (_block, _used, _before) = ([], 0, 0);
        return all;
    }

    private void CopyTo(T[] all)
    {
        int done = 0;
        foreach (T[] block in _full)
        {
            block.CopyTo(all, done);
            done += block.Length;
        }
        _block.AsSpan(0, _used).CopyTo(all.AsSpan(done));
    }

    private void Grow()
    {
        _full.Add(_block);
        _before += _used;
        _block = new T[Math.Clamp(_before, SmallestBlock, LargestBlock)];
        _used = 0;
    }
}
