using DeepLearn.Foundation;

namespace DeepLearn.Tensors.Files;

/// <summary>A tensor of a safetensors file, as the header describes it.</summary>
/// <param name="Name">The name, unique in the file.</param>
/// <param name="ElementType">
/// The type of an element as the format names it: <c>F32</c>, <c>F64</c>, <c>BF16</c>, <c>I64</c> and so on. One that
/// the library does not know is no fault of the file: the others can be read.
/// </param>
/// <param name="Shape">The extents, the last one contiguous; none for a single number.</param>
/// <param name="Offset">Where its bytes begin, counted from the end of the header.</param>
/// <param name="Length">The number of its bytes.</param>
public sealed record SafetensorsEntry(string Name, string ElementType, ValueList<long> Shape, long Offset, long Length)
{
    /// <summary>The number of elements: the product of the extents.</summary>
    public long Count
    {
        get
        {
            Int128 count = 1;
            foreach (long extent in Shape)
                count = extent == 0 ? 0 : Int128.Min(count * extent, long.MaxValue);
            return (long)count;
        }
    }

    /// <summary>The name, type and shape, for messages.</summary>
    public override string ToString() => $"{Name} {ElementType} {Shape}";
}
