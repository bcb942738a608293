using DeepLearn.Data;
using DeepLearn.Tensors;

namespace DeepLearn.Package.Tests;

/// <summary>A data set from outside: stripes of bytes, made from their index.</summary>
internal sealed class StrangeData : Dataset
{
    private const int Size = 48, Kinds = 3;
    private readonly byte[] _bytes;

    public StrangeData(int count)
        : base(count, new DatasetDescription(new Shape(Size)) { Classes = Kinds }, [.. Enumerable.Range(0, count).Select(i => i % Kinds)])
    {
        _bytes = [.. Enumerable.Range(0, count * Size).Select(i => (byte)((i % Size * 5 * (1 + (i / Size % Kinds))) + (i / Size)))];
    }

    public override bool HoldsBytes => true;

    protected override ReadOnlyMemory<byte> BytesCore(int index) => _bytes.AsMemory(index * Size, Size);
}
