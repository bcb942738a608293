using System.Numerics;
using System.Runtime.InteropServices;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Tensors;
using TorchSharp;

namespace DeepLearn.Benchmarks.Torch;

/// <summary>libtorch itself: whether it can be loaded, and the conversion of our matrices to tensors.</summary>
internal static class TorchLibrary
{
    private static readonly Lazy<string?> Problem = new(TryLoad);

    /// <summary>Why libtorch cannot be loaded, and what it needs; null if it can.</summary>
    public static string? Unavailable => Problem.Value;

    /// <summary>The versions.</summary>
    public static string Version => $"TorchSharp {Machine.VersionOf(typeof(torch))} with libtorch for the CPU, as its package ships it";

    /// <summary>A tensor with a copy of a matrix, of the same precision.</summary>
    public static torch.Tensor TensorOf<T>(Matrix<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] elements = matrix.AsSpan().ToArray();
        return elements switch
        {
            float[] floats => torch.tensor(floats, [matrix.Rows, matrix.Columns]),
            double[] doubles => torch.tensor(doubles, [matrix.Rows, matrix.Columns]),
            _ => throw new NotSupportedException($"{typeof(T).Name} is neither float nor double."),
        };
    }

    private static string? TryLoad()
    {
        // If TorchSharp cannot load libtorch, it prints its whole search, copies its libraries about, and then reports a missing package,
        // whatever the cause. So the loader is tried first, which gives the true reason.
        if (OperatingSystem.IsLinux() && LoaderProblem() is { } problem)
            return $"libtorch could not be loaded: {problem}";
        try
        {
            using torch.Tensor one = torch.ones(1);
            return null;
        }
        catch (Exception e) when (
            e is TypeInitializationException or NotSupportedException or DllNotFoundException or EntryPointNotFoundException)
        {
            return $"libtorch could not be loaded: {e.GetBaseException().Message}";
        }
    }

    private static string? LoaderProblem()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        // In the order of their dependencies; otherwise the loader might find an older library of the system first.
        foreach (string file in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so", "libLibTorchSharp.so" })
        {
            string path = Path.Combine(folder, file);
            try
            {
                if (File.Exists(path))
                    NativeLibrary.Load(path);
            }
            catch (DllNotFoundException failure)
            {
                string? line = failure.Message.Split('\n').FirstOrDefault(line => line.Contains("GLIBCXX", StringComparison.Ordinal));
                return line is null
                    ? failure.Message.Trim()
                    : "the system's libstdc++ is too old; it has to offer GLIBCXX_3.4.32, which comes with GCC 13 "
                        + $"(Debian 13, Ubuntu 24.04). The loader says: {line.Split(" (required by")[0].Trim()}";
            }
        }
        return null;
    }
}
