using System.Runtime.InteropServices;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>
/// Environment variables for native libraries, set before the first of them is loaded. <see
/// cref="Environment.SetEnvironmentVariable(string, string?)"/>
/// changes .NET's own copy alone on Unix, which native code never sees.
/// </summary>
internal static partial class NativeEnvironment
{
    /// <summary>
    /// Lets the threads of native libraries spin for about a millisecond after their last work, as ours do, and then sleep; by default they
    /// spin for tens of milliseconds and take the cores from whoever is measured next. What the user has set stays.
    /// </summary>
    public static void LimitSpinning()
    {
        SetDefault("OPENBLAS_THREAD_TIMEOUT", "22"); // 2^22 ticks of the time-stamp counter
        SetDefault("GOMP_SPINCOUNT", "50000"); // libgomp, in turns of its waiting loop
        SetDefault("KMP_BLOCKTIME", "1"); // Intel's and LLVM's OpenMP, in milliseconds
    }

    private static void SetDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
            return;
        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows() && SetInProcess(name, value, 1) != 0)
            throw new InvalidOperationException($"The environment variable {name} could not be set.");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetInProcess(string name, string value, int overwrite);
}
