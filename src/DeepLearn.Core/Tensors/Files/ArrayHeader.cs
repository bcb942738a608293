using DeepLearn.Foundation;

namespace DeepLearn.Tensors.Files;

/// <summary>What the header of a file with one array says.</summary>
/// <param name="Type">The type of an element.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Length">The length of the header; the elements follow.</param>
/// <param name="IsBigEndian">Whether the highest byte of an element comes first.</param>
/// <param name="IsFortran">Whether the first axis is contiguous, not the last one.</param>
internal sealed record ArrayHeader(NumericType Type, ValueList<long> Shape, int Length, bool IsBigEndian, bool IsFortran)
{
    /// <summary>The bytes of the elements.</summary>
    public long ContentLength(string source) => BoundedContent.LengthOf(Shape.AsSpan(), NumericTypes.SizeOf(Type), source);

    /// <summary>Makes an array of the elements as they stand in the file.</summary>
    public NumericArray ToArray(byte[] content, string source)
    {
        int size = NumericTypes.SizeOf(Type);
        if (IsBigEndian == BitConverter.IsLittleEndian)
            NumericTypes.Reverse(content, size);
        int[] shape = [.. Shape.Select(extent => (int)extent)];
        if (IsFortran && shape.Length > 1 && content.Length > 0)
            content = LastAxisContiguous(content, shape, size);
        return new(source, Type, ValueList.Create<int>(shape), content);
    }

    private static byte[] LastAxisContiguous(byte[] content, ReadOnlySpan<int> shape, int size)
    {
        var strides = new int[shape.Length];
        for (int axis = 0, stride = size; axis < shape.Length; axis++)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        var ordered = new byte[content.Length];
        var index = new int[shape.Length];
        for (int to = 0, from = 0; to < ordered.Length; to += size)
        {
            content.AsSpan(from, size).CopyTo(ordered.AsSpan(to));
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                from -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return ordered;
    }
}
