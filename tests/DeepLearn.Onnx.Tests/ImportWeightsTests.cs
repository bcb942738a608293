using DeepLearn.Onnx.Messages;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>Weights in a file beside, and of 64 bits.</summary>
public class ImportWeightsTests
{
    [Fact]
    public void Weights_in_a_file_beside_are_read_from_the_folder_and_no_other()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var graph = new TestGraph(0, 2);
            graph.Node("Gemm", ["x", graph.Numbers("w", [2, 1], 5, 7)]);
            byte[] whole = graph.ToFile();
            File.WriteAllBytes(Path.Combine(folder, "w.bin"), [0, 0, .. graph.Graph.Initializers[0].Raw.Span]);

            OnnxImport<float> Load(params (string Key, string Value)[] place)
            {
                ModelMessage message = ModelMessage.Read(new MemoryStream(whole));
                byte[] tensor = ExternalTensor(place);
                string path = Path.Combine(folder, "model.onnx");
                File.WriteAllBytes(path, WithInitializer(message, tensor));
                return OnnxModel.Load<float>(path);
            }

            Assert.Equal([5f, 7f], Load(("location", "w.bin"), ("offset", "2"), ("length", "8")).Model.Parameters[0].Value.AsSpan());
            Assert.Equal([5f, 7f], Load(("location", "w.bin"), ("offset", "2")).Model.Parameters[0].Value.AsSpan());
            string[] others =
                ["../w.bin", "/etc/passwd", Path.Combine(folder, "w.bin"), "none.bin", "", "a/../../w.bin", "w\0.bin"];
            foreach (string location in others)
                Assert.Throws<InvalidDataException>(() => Load(("location", location)));
            Assert.Throws<InvalidDataException>(() => Load(("location", "w.bin"), ("offset", "4"), ("length", "8")));
            Assert.Throws<InvalidDataException>(() => Load(("location", "w.bin"), ("offset", "-1")));
            Assert.Throws<InvalidDataException>(() => Load(("offset", "2")));
            using FileStream stream = File.OpenRead(Path.Combine(folder, "model.onnx"));
            Assert.Throws<OnnxUnsupportedException>(() => OnnxModel.Load<float>(stream));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void Weights_of_64_bits_are_held_by_double_and_rounded_only_if_they_may_be()
    {
        var graph = new TestGraph(0, 2);
        graph.Node("Gemm", ["x", "w"]);
        byte[] bytes = [.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(2.0)];
        var tensor = new TensorMessage { Name = "w", Type = ElementType.Double, Raw = bytes };
        tensor.Extents.AddRange([2L, 1]);
        graph.Graph.Initializers.Add(tensor);

        Assert.Contains("MayRound", graph.Refusal());
        Assert.Equal([0.1f, 2f], graph.Load(new() { MayRound = true }).Model.Parameters[0].Value.AsSpan());
        Assert.Equal([0.1, 2.0], OnnxModel.Load<double>(new MemoryStream(graph.ToFile())).Model.Parameters[0].Value.AsSpan());
    }

    private static byte[] ExternalTensor((string Key, string Value)[] place)
    {
        // Our own writer writes no such tensors: by bytes. Extents 2 and 1, type 1, name, entries, place 1.
        var bytes = new List<byte> { 0x08, 2, 0x08, 1, 0x10, 1, 0x42, 1, (byte)'w' };
        foreach ((string key, string value) in place)
        {
            byte[] k = System.Text.Encoding.UTF8.GetBytes(key), v = System.Text.Encoding.UTF8.GetBytes(value);
            bytes.AddRange([0x6A, (byte)(k.Length + v.Length + 4), 0x0A, (byte)k.Length, .. k, 0x12, (byte)v.Length, .. v]);
        }
        return [.. bytes, 0x70, 1];
    }

    private static byte[] WithInitializer(ModelMessage message, byte[] tensor)
    {
        message.Graph!.Initializers.Clear();
        using var stream = new MemoryStream();
        Wire.WireWriter.Write(message, stream);
        byte[] file = stream.ToArray();

        // A message's fields may stand in any order: the tensor goes to the end of the graph.
        byte[] graph = [0x2A, (byte)tensor.Length, .. tensor];
        int place = FindGraph(file, out int length, out int lengthBytes);
        int total = length + graph.Length;
        byte[] varint = total < 128 ? [(byte)total] : [(byte)(total | 0x80), (byte)(total >> 7)];
        int end = place + lengthBytes + length;
        return [.. file[..place], .. varint, .. file[(place + lengthBytes)..end], .. graph, .. file[end..]];
    }

    private static int FindGraph(byte[] file, out int length, out int lengthBytes)
    {
        for (int i = 0; ;)
        {
            int tag = file[i++];
            int value = file[i], bytes = 1;
            if (value >= 0x80)
            {
                value = (value & 0x7F) | (file[i + 1] << 7);
                bytes = 2;
            }
            if (tag == 0x3A)
            {
                (length, lengthBytes) = (value, bytes);
                return i;
            }
            i += bytes + ((tag & 7) == 2 ? value : 0);
        }
    }
}
