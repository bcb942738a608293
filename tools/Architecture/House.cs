namespace DeepLearn.Tools.Architecture;

/// <summary>The intended order of the folders: which may use which.</summary>
public static class House
{
    /// <summary>The folders, lowest level first. A folder uses only folders of lower levels.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Levels { get; } =
    [
        ["Foundation"],
        ["Tensors"],
        ["Kernels"],
        ["Data", "Parameters", "Schedules"],
        ["Layers", "Losses", "Regularizers", "Optimizers"],
        ["Models"],
        ["Verification", "Training"],
        ["Search"],
    ];

    /// <summary>
    /// The folders whose types could be written outside the library too: everything that they use of other folders is public. Sub-folders
    /// are included.
    /// </summary>
    public static IReadOnlyList<string> Extensions { get; } =
    [
        "Layers", "Losses", "Optimizers", "Regularizers", "Schedules",
        "Data.Augmentation", "Data.Cifar", "Data.Csv", "Data.Idx", "Data.Synthetic",
        "Training.Callbacks", "Training.Metrics",
        "Search.Executors", "Search.Pruners", "Search.Samplers", "Search.Stores",
    ];

    /// <summary>The level of a folder.</summary>
    /// <param name="folder">The folder, or a sub-folder of it.</param>
    /// <exception cref="KeyNotFoundException">The folder has no level.</exception>
    public static int LevelOf(string folder)
    {
        for (int level = 0; level < Levels.Count; level++)
        {
            if (Levels[level].Contains(Folders.Top(folder)))
                return level;
        }
        throw new KeyNotFoundException($"The folder '{folder}' has no level: give it one in {nameof(House)}.{nameof(Levels)}.");
    }

    /// <summary>The extension folder that a folder is or belongs to, or null.</summary>
    /// <param name="folder">The folder.</param>
    public static string? ExtensionOf(string folder) =>
        Extensions.FirstOrDefault(extension => folder == extension || folder.StartsWith(extension + ".", StringComparison.Ordinal));
}
