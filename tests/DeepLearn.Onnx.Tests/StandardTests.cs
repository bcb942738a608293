using DeepLearn.Onnx.Messages;
using DeepLearn.Onnx.Wire;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>
/// The test cases of ONNX itself, one operator or a small network each, with inputs and the outputs that the standard states: Debian's
/// package libonnx-testdata, or the folder that <c>DEEPLEARN_ONNX_CASES</c> names.
/// </summary>
public class StandardTests
{
    private static readonly string Folder =
        Environment.GetEnvironmentVariable("DEEPLEARN_ONNX_CASES") ?? "/usr/share/libonnx-testdata/data";

    [Fact]
    public void Case_of_the_standard_gives_the_stated_outputs_or_is_refused_by_name()
    {
        if (!Directory.Exists(Folder))
            Assert.Skip($"ONNX's test cases are not there: {Folder} (Debian: libonnx-testdata).");
        var wrong = new List<string>();
        var right = new List<string>();
        int refused = 0;
        foreach (string path in Directory.GetFiles(Folder, "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string folder = Path.GetDirectoryName(path)!, name = Path.GetFileName(folder);
            try
            {
                string data = Path.Combine(folder, "test_data_set_0");
                double difference = DifferenceOf(Load(path, data), data);
                (difference <= 1e-5 ? right : wrong).Add($"{name}: {difference}");
            }
            catch (OnnxUnsupportedException)
            {
                refused++;
            }
            catch (Exception exception)
            {
                wrong.Add($"{name}: {exception.GetType().Name} {exception.Message}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(right.Count >= 60, $"{right.Count} read: {string.Join(", ", right)}; {refused} refused");
        TestContext.Current.TestOutputHelper?.WriteLine($"{right.Count} read, {refused} refused: {string.Join(", ", right)}");
    }

    /// <summary>A case gives weights as inputs: all but the first stand fixed, as the file of a network has them.</summary>
    private static OnnxImport<float> Load(string path, string data)
    {
        if (!File.Exists(Path.Combine(data, "input_1.pb")))
            return OnnxModel.Load<float>(path, new() { MayRound = true });
        ModelMessage model;
        using (FileStream stream = File.OpenRead(path))
            model = ModelMessage.Read(stream);
        if (model.Graph?.Nodes.Exists(node => node.Attributes.Exists(attribute => attribute.Kind == AttributeKind.Graph)) != false)
            return OnnxModel.Load<float>(path);
        for (int i = 1; i < model.Graph.Inputs.Count && File.Exists(Path.Combine(data, $"input_{i}.pb")); i++)
        {
            using FileStream stream = File.OpenRead(Path.Combine(data, $"input_{i}.pb"));
            TensorMessage tensor = WireReader.Read(stream, "a tensor", TensorMessage.Read);
            tensor.Name = model.Graph.Inputs[i].Name;
            model.Graph.Initializers.Add(tensor);
        }
        using var file = new MemoryStream(TestGraph.ToFile(model));
        return OnnxModel.Load<float>(file, new() { MayRound = true });
    }

    private static double DifferenceOf(OnnxImport<float> import, string folder)
    {
        (long[] extents, float[] given) = Read(Path.Combine(folder, "input_0.pb"));
        (_, float[] expected) = Read(Path.Combine(folder, "output_0.pb"));
        var examples = new Matrix<float>((int)extents[0], given.Length / (int)extents[0]);
        given.CopyTo(examples.AsSpan());
        float[] found = FileOutputs.Of(import, examples, expected.Length / examples.Rows);
        return expected.Length == found.Length ? Runtime.Difference<float>(expected, found) : double.PositiveInfinity;
    }

    private static (long[] Extents, float[] Numbers) Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        TensorMessage tensor = WireReader.Read(stream, "a tensor", TensorMessage.Read);
        double[] numbers = new Import.TensorReading(new(null), true, false).Read(tensor).Elements;
        return ([.. tensor.Extents], [.. numbers.Select(number => (float)number)]);
    }
}
