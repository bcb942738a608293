using System.Diagnostics;
using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>ONNX's own checker, of Debian's package python3-onnx, accepts what is exported, and infers the shapes that it states.</summary>
public sealed class CheckerTests : IDisposable
{
    private const string Script = """
        import onnx, sys
        for path in sys.argv[1:]:
            try:
                onnx.checker.check_model(onnx.load(path), full_check=True)
            except Exception as error:
                print(path, error)
        """;

    private static readonly Shape Image = new(6, 5, 3);

    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-checker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void File_of_each_layer_passes_the_checker_of_ONNX()
    {
        if (Run("import onnx") is not "")
            Assert.Skip("ONNX's checker is not there: /usr/bin/python3 has no onnx (Debian: python3-onnx).");
        var files = new List<string>();
        foreach (Layer layer in ExportTests.Layers.Values)
        {
            foreach (PixelOrder order in new[] { PixelOrder.ChannelsLast, PixelOrder.Planar })
            {
                files.Add(Path.Combine(_folder, $"{files.Count}-{layer.GetType().Name}-{order}.onnx"));
                new Sequential(new Convolution2D(3, 3) { Padding = 1 }, layer).Build<float>(Image, 1)
                    .SaveOnnx(files[^1], new() { Order = order, Normalization = Normalization.UnitRange(Image.Count) });
            }
        }
        Assert.Equal("", Run(Script, [.. files]));

        File.WriteAllBytes(files[0], File.ReadAllBytes(files[0])[..^20]);
        Assert.NotEqual("", Run(Script, files[0]));
    }

    /// <summary>What a program of Python says; null where there is no Python.</summary>
    private static string? Run(string script, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo("/usr/bin/python3", ["-c", script, .. arguments])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : output + errors.GetAwaiter().GetResult();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
