using System.Diagnostics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tests.Kernels;
using DeepLearn.Tests.Kernels.Gemm;
using DeepLearn.Tests.Training;

namespace DeepLearn.Tests.Support;

/// <summary>
/// Runs a piece of this assembly in a process of its own, with environment variables that are read only when a process starts, such as
/// the runtime's switches for instruction sets.
/// </summary>
public static class ChildProbe
{
    private const string Variable = "DEEPLEARN_TEST_PROBE";

    // What a child can be asked to compute, by name.
    private static readonly Dictionary<string, Func<string>> Probes = new()
    {
        ["kernels"] = KernelHash.Compute,
        ["products"] = ProductHash.Compute,
        ["product kernels"] = Kernels.Gemm.SameBitsTests.OfEveryColumnLeftOver,
        ["guarded products"] = GuardedProductTests.Run,
        ["winograd"] = Kernels.Convolution.WinogradTests.RunOnce,
        ["guarded winograd"] = Kernels.Convolution.WinogradTests.RunGuarded,
        ["guarded convolutions"] = Kernels.Convolution.ConvolutionKernelsTests.RunGuarded,
        ["kernel sets"] = () => $"{KernelSet<float>.Best.Name} {KernelSet<double>.Best.Name} {LaneWidth.Current}",
        ["missing fma"] = Kernels.Simd.MissingFmaTests.WarningsOfTwoProducts,
        ["training"] = () => TrainingHash.OfShortRuns(),
        ["journal"] = Search.Stores.JournalTests.Open,
        ["training on threads"] = TrainingHash.OfShortRunsOnThreads,
    };

    /// <summary>What the probe of that name answers in a process with the given environment.</summary>
    public static string Run(string probe, params (string Name, string Value)[] environment)
    {
        string assembly = typeof(ChildProbe).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [assembly]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Variable] = probe;
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = child.StandardOutput.ReadToEnd().Trim();
        child.WaitForExit();
        return child.ExitCode == 0 ? output : throw new InvalidOperationException($"The probe {probe} failed: {output}{errors.Result}");
    }

    [ModuleInitializer]
    internal static void AnswerWhereAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } probe)
            return;
        Console.WriteLine(Probes[probe]());
        Environment.Exit(0);
    }
}
