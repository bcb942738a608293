using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>The description of the machine in a report.</summary>
internal static class Machine
{
    /// <summary>The processor's name, with family, model and stepping if the system tells them.</summary>
    public static string Processor { get; } = ReadProcessor();

    /// <summary>The number of threads that the process can run at the same time.</summary>
    public static int Threads => Environment.ProcessorCount;

    /// <summary>The version of .NET and the system.</summary>
    public static string Runtime =>
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}";

    /// <summary>The instruction sets that .NET uses here and that matter for matrix products.</summary>
    public static string InstructionSets
    {
        get
        {
            string[] sets =
            [
                .. Avx512F.IsSupported ? ["AVX-512"] : Array.Empty<string>(),
                .. Avx2.IsSupported ? ["AVX2"] : Array.Empty<string>(),
                .. Fma.IsSupported ? ["FMA"] : Array.Empty<string>(),
                .. AdvSimd.IsSupported ? ["NEON"] : Array.Empty<string>(),
            ];
            return $"{(sets.Length == 0 ? "none" : string.Join(", ", sets))}; vectors of up to {WidestVector} bits";
        }
    }

    /// <summary>The bits of the widest vectors that .NET uses here; 0 for none.</summary>
    public static int WidestVector => Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : Vector128.IsHardwareAccelerated ? 128
        : 0;

    /// <summary>The variables that change how .NET or a native library runs, as set for this process.</summary>
    public static string Settings
    {
        get
        {
            string[] prefixes =
            [
                "DOTNET_Enable", "DOTNET_Tiered", "DOTNET_Prefer", "OPENBLAS_", "OMP_", "GOMP_", "KMP_", "MKL_", "ONEDNN_", "ATEN_",
            ];
            var variables = Environment.GetEnvironmentVariables().Keys.Cast<string>()
                .Where(name => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
                .Order(StringComparer.Ordinal)
                .Select(name => $"{name}={Environment.GetEnvironmentVariable(name)}");
            return string.Join(' ', variables);
        }
    }

    /// <summary>The version of the package that a type comes from.</summary>
    public static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? type.Assembly.GetName().Version?.ToString(3)
        ?? "";

    private static string ReadProcessor()
    {
        try
        {
            if (File.Exists("/proc/cpuinfo"))
                return ReadCpuInfo(File.ReadLines("/proc/cpuinfo"));
            if (OperatingSystem.IsMacOS())
            {
                var command = new ProcessStartInfo("sysctl", ["-n", "machdep.cpu.brand_string"]) { RedirectStandardOutput = true };
                using var sysctl = Process.Start(command);
                return sysctl is null ? "unknown" : sysctl.StandardOutput.ReadToEnd().Trim();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            // The name is a courtesy to the reader; nothing depends on it.
        }
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
    }

    private static string ReadCpuInfo(IEnumerable<string> lines)
    {
        var fields = new Dictionary<string, string>();
        foreach (string line in lines.TakeWhile(line => line.Length > 0))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                fields[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }
        string name = fields.GetValueOrDefault("model name", "unknown");
        if (fields.TryGetValue("cpu family", out string? family) && fields.TryGetValue("model", out string? model))
            name += $" (family {family}, model {model}, stepping {fields.GetValueOrDefault("stepping", "?")})";
        return name;
    }
}
