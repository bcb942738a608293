namespace DeepLearn.KernelGenerator;

/// <summary>The files that are generated. To add a file, add a line.</summary>
public static class GeneratedFiles
{
    /// <summary>The path of each file from the repository's root, and what writes its text.</summary>
    public static IReadOnlyDictionary<string, Func<string>> All { get; } = new Dictionary<string, Func<string>>
    {
        ["src/DeepLearn.Core/Kernels/Gemm/MicroKernel/Tile.cs"] = TileGenerator.Write,
        ["src/DeepLearn.Core/Kernels/Gemm/Paths/RowLanes.cs"] = RowLanesGenerator.Write,
        ["src/DeepLearn.Core/Kernels/Gemm/Paths/ShallowRows.cs"] = ShallowRowsGenerator.Write,
    };
}
