using System.Runtime.InteropServices;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>
/// Sets environment variables for native libraries, before the first of them is loaded. On Unix,
/// <see cref="Environment.SetEnvironmentVariable(string, string?)"/> only changes .NET's own copy, which native code does not see.
/// </summary>
internal static partial class NativeEnvironment
{
    /// <summary>
    /// Makes the threads of native libraries sleep after they have spun for about a millisecond, as our threads do. By default they spin
    /// for tens of milliseconds and take the cores from the candidate that is measured next. Variables that the user has set are kept.
    /// </summary>
    public static void LimitSpinning()
    {
        SetDefault("OPENBLAS_THREAD_TIMEOUT", "22"); // 2^22 ticks of the time-stamp counter
        SetDefault("GOMP_SPINCOUNT", "50000"); // libgomp, in iterations of its waiting loop
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
