namespace DeepLearn.Kernels.Convolution;

/// <summary>One of so many nearly equal shares.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Of">Of how many.</param>
internal readonly record struct Share(int Index, int Of)
{
    /// <summary>All there is.</summary>
    public static Share Whole => new(0, 1);

    /// <summary>The first of so many things that belongs to this share.</summary>
    public int First(int count) => (int)((long)count * Index / Of);

    /// <summary>The one behind the last.</summary>
    public int End(int count) => (int)((long)count * (Index + 1) / Of);
}
