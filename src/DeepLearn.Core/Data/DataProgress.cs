namespace DeepLearn.Data;

/// <summary>How far the reading or downloading of data has come.</summary>
/// <param name="Activity">What is being done, for instance <c>"reading data_batch_1.bin"</c>.</param>
/// <param name="Done">The bytes done.</param>
/// <param name="Total">The bytes in all.</param>
public readonly record struct DataProgress(string Activity, long Done, long Total);
