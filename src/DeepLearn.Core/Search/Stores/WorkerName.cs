using System.Globalization;

namespace DeepLearn.Search.Stores;

/// <summary>What a process is called in a store.</summary>
internal static class WorkerName
{
    /// <summary>The machine and the number of the process, as in <c>node7:1234</c>.</summary>
    public static string OfThisProcess { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}");
}
