using System.Globalization;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>Damaged files are refused by the library's own exceptions, and take no more memory than their size warrants.</summary>
public class MutationTests
{
    /// <summary>More are tried where the environment says so.</summary>
    private static readonly int Mutations =
        int.Parse(Environment.GetEnvironmentVariable("DEEPLEARN_ONNX_MUTATIONS") ?? "600", CultureInfo.InvariantCulture);

    [Fact]
    public void Mutated_file_is_read_or_refused_and_takes_little_memory()
    {
        byte[][] files = [.. Originals()];
        RandomStream stream = RandomKey.FromSeed(11).Derive("mutations").Open();
        int read = 0, refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] file = Mutate(files[stream.NextIndex(files.Length)], files, ref stream);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                RoundTripTests.Load(file);
                read++;
            }
            catch (Exception exception) when (exception is InvalidDataException or OnnxUnsupportedException)
            {
                refused++;
            }
            catch (Exception exception)
            {
                string path = Path.Combine(Path.GetTempPath(), $"mutation{i}.onnx");
                File.WriteAllBytes(path, file);
                Assert.Fail($"Mutation {i}, {path}: {exception}");
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 8_000_000 + (200L * file.Length), $"Mutation {i} of {file.Length} bytes allocated {allocated}.");
        }
        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused");
    }

    private static IEnumerable<byte[]> Originals()
    {
        Layer block = new Residual(new Sequential(new Convolution2D(3, 3) { Padding = 1 }, new BatchNorm(), new Gelu()));
        var network = new Sequential(
            block, new MaxPool(2), new Dropout(), new LayerNorm(), new GlobalAveragePool(), new Silu(),
            new Ensemble(EnsembleCombination.Average, new Dense(3), new Dense(3)));
        foreach (PixelOrder order in new[] { PixelOrder.ChannelsLast, PixelOrder.Planar })
        {
            yield return ExportTests.File(network.Build<float>(new(6, 6, 3), 1), new()
            {
                Order = order,
                Normalization = Normalization.UnitRange(108),
                Ending = OnnxEnding.Softmax,
            });
        }
        var dense = new Sequential(new Dense(4), new Elu(), new Dense(2));
        Model<float> scaled = dense.Build<float>(5, 1);
        scaled.Card = scaled.Card with
        {
            Normalization = Normalization.UnitRange(5),
            Task = PredictionTask.Regression(2),
            TargetScaling = new([3, 4], [5, 6]),
        };
        yield return ExportTests.File(scaled, new());
        scaled.Card = scaled.Card with { TargetScaling = null, Task = PredictionTask.Multilabel(2), Temperature = 2 };
        yield return ExportTests.File(scaled, new() { KeepsSpecification = false });
        yield return ExportTests.File(dense.Build<float>(5, 1), new() { KeepsSpecification = false });
        yield return ExportTests.File(dense.Build<float>(5, 1), new());
        foreach (string path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Files"), "*.onnx").Order(StringComparer.Ordinal))
            yield return File.ReadAllBytes(path);
    }

    private static byte[] Mutate(byte[] original, byte[][] others, ref RandomStream stream)
    {
        var bytes = new List<byte>(original);
        int times = 1 + stream.NextIndex(4);
        for (int i = 0; i < times && bytes.Count > 0; i++)
        {
            int place = stream.NextIndex(bytes.Count);
            switch (stream.NextIndex(8))
            {
                case 0:
                    bytes[place] ^= (byte)(1 << stream.NextIndex(8));
                    break;
                case 1:
                    bytes[place] = (byte)stream.NextIndex(256);
                    break;
                case 2:
                    bytes.RemoveRange(place, bytes.Count - place);
                    break;
                case 3:
                    bytes.RemoveRange(place, Math.Min(1 + stream.NextIndex(16), bytes.Count - place));
                    break;
                case 4:
                    bytes.InsertRange(place, bytes.GetRange(place, Math.Min(1 + stream.NextIndex(64), bytes.Count - place)));
                    break;
                case 5:
                    // A number as large as there are.
                    bytes.InsertRange(place, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]);
                    break;
                case 6:
                    // Letters of names and operators, and small numbers, are what matters most.
                    bytes[place] = (byte)(bytes[place] + (stream.NextIndex(2) == 0 ? 1 : -1));
                    break;
                default:
                    byte[] other = others[stream.NextIndex(others.Length)];
                    int from = stream.NextIndex(other.Length);
                    bytes.InsertRange(place, other.AsSpan(from, Math.Min(1 + stream.NextIndex(200), other.Length - from)));
                    break;
            }
        }
        return [.. bytes];
    }
}
