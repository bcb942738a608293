using System.Numerics;
using DeepLearn.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DeepLearn.Onnx.Tests;

/// <summary>ONNX Runtime, which checks a file as it loads it, and computes what it says.</summary>
internal sealed class Runtime : IDisposable
{
    private readonly InferenceSession _session;

    /// <summary>Loads a file.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="optimizes">Whether the graph may be rewritten to run faster.</param>
    public Runtime(byte[] file, bool optimizes = true)
    {
        using var options = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            IntraOpNumThreads = 1,
            GraphOptimizationLevel = optimizes ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
        };
        _session = new InferenceSession(file, options);
    }

    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    public ModelMetadata Metadata => _session.ModelMetadata;

    /// <summary>The first output for some examples.</summary>
    /// <param name="examples">The examples, in the order of the file.</param>
    /// <returns>Its numbers, an example after the other.</returns>
    public float[] Run(Matrix<float> examples)
    {
        (string name, NodeMetadata input) = _session.InputMetadata.First();
        int[] extents = [examples.Rows, .. input.Dimensions[1..]];
        var tensor = new DenseTensor<float>(examples.AsSpan().ToArray(), extents);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs =
            _session.Run([NamedOnnxValue.CreateFromTensor(name, tensor)]);
        return [.. outputs[0].AsTensor<float>()];
    }

    public void Dispose() => _session.Dispose();

    /// <summary>
    /// The largest difference between outputs, relative to the largest of them: elements near 0 have no digits of their own where larger
    /// ones were added up.
    /// </summary>
    public static double Difference<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> found)
        where T : INumber<T>
    {
        Xunit.Assert.Equal(expected.Length, found.Length);
        double largest = 0, difference = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double one = double.CreateChecked(expected[i]), other = double.CreateChecked(found[i]);
            largest = Math.Max(largest, Math.Abs(one));
            difference = double.IsFinite(other) ? Math.Max(difference, Math.Abs(one - other)) : double.PositiveInfinity;
        }
        return largest == 0 ? difference : difference / largest;
    }
}
