using DeepLearn.Data;
using DeepLearn.Data.Mapped;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Testing;
using DeepLearn.Tests.Training;
using DeepLearn.Training;
using DeepLearn.Training.Checkpoints;
using Xunit;

namespace DeepLearn.Tests.Data.Mapped;

public sealed class MappedDatasetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-mapped-").FullName;

    private string File => Path.Combine(_folder, "examples.npy");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void MappedDataset_of_bytes_trains_to_the_same_bits_as_from_memory()
    {
        ByteDataset memory = TrainingData.Striped(90);
        NumericArray labels = NumericArray.Of(memory.Labels);
        NpyFile.Write(File, NumericArray.Of<byte>([.. Enumerable.Range(0, 90).SelectMany(i => memory.Example(i).ToArray())], 90, 24));
        using MappedDataset mapped = MappedDataset.Open(File, labels);
        Assert.True(mapped.HoldsBytes);
        Assert.Equal(memory.Description, mapped.Description);
        Assert.Equal(Trained<float>(memory), Trained<float>(mapped));
        Assert.Equal(Trained<double>(memory.Skip(10)), Trained<double>(mapped.Skip(10)));
        DatasetContract.Check(mapped).ThrowIfFailed();
    }

    [Fact]
    public void MappedDataset_of_floats_trains_to_the_same_bits_as_from_memory()
    {
        var random = new Random(4);
        float[] numbers = [.. Enumerable.Range(0, 60 * 7).Select(_ => random.NextSingle() - 0.5f)];
        NumericArray array = NumericArray.Of<float>(numbers, 60, 7);
        NumericArray labels = NumericArray.Of<int>([.. Enumerable.Range(0, 60).Select(i => i % 3)]);
        NpyFile.Write(File, array);
        using MappedDataset mapped = MappedDataset.Open(File, labels);
        Assert.Equal(Trained<float>(Dataset.FromArray<float>(array, labels)), Trained<float>(mapped));
        Assert.Equal(Trained<double>(Dataset.FromArray<float>(array, labels)), Trained<double>(mapped));
        DatasetContract.Check(mapped).ThrowIfFailed();
    }

    [Fact]
    public void MappedDataset_of_each_type_and_byte_order_gathers_its_numbers()
    {
        string numpy = Path.Combine(Repository.Root, "tests", "DeepLearn.Core.Tests", "Tensors", "Files", "Numpy");
        foreach (string path in Directory.GetFiles(numpy, "*-C.npy"))
        {
            using MappedDataset mapped = MappedDataset.Open(path);
            var found = new Matrix<double>(2, 3);
            mapped.GatherRange(0, null, found.View);
            Assert.Equal(NpyFile.Read(path).ToMatrix<double>(mayRound: true).AsSpan().ToArray(), found.AsSpan().ToArray());
        }
        string floats = Path.Combine(numpy, "f8-little-C.npy");
        using MappedDataset large = MappedDataset.Open(floats);
        string message = Assert.Throws<InvalidDataException>(() => large.GatherRange(0, null, new Matrix<float>(2, 3).View)).Message;
        Assert.Contains($"{floats}, example 0, element 2: the number is beyond the range of float", message);
        foreach ((string name, string expected) in new[] { ("f4-little-F.npy", "order of Fortran"), ("empty.npy", "at least one example") })
            Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => MappedDataset.Open(Path.Combine(numpy, name))).Message);
    }

    [Fact]
    public void MappedDataset_reads_IDX_and_refuses_what_cannot_be_mapped()
    {
        Write([0, 0, 0x0B, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 0xFF, 0xFE]);
        using (MappedDataset mapped = MappedDataset.OpenWithTargets(File, NumericArray.Of<double>([0.5, -1])))
        {
            Assert.Equal([258f, -2], SmallData.All(mapped));
            var targets = new Matrix<float>(2, 1);
            mapped.GatherTargets([1, 0], targets.View);
            Assert.Equal([-1f, 0.5f], targets.AsSpan().ToArray());
        }
        Write([0, 0, 0x0B, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 0xFF]);
        Refused("its header announces 16 bytes in all; found 15", () => MappedDataset.Open(File));
        Write([0x1F, 0x8B, 1, 2]);
        Refused("found a gzipped one", () => MappedDataset.Open(File));
        Write([7, 7]);
        Refused("expected an npy or IDX file; found one that begins with 07 07", () => MappedDataset.Open(File));
        Write([]);
        Refused("expected an npy or IDX file", () => MappedDataset.Open(File));

        void Write(byte[] bytes) => System.IO.File.WriteAllBytes(File, bytes);

        void Refused(string message, Action action) =>
            Assert.Matches($"^{System.Text.RegularExpressions.Regex.Escape(File)}.*{System.Text.RegularExpressions.Regex.Escape(message)}",
                Assert.Throws<InvalidDataException>(action).Message);
    }

    [Fact]
    public void MappedDataset_larger_than_an_array_can_be_is_read_with_little_memory()
    {
        const int Rows = 3_000_000, Columns = 1024;
        byte[] last = [.. Enumerable.Range(0, Columns).Select(i => (byte)(i * 7))];
        using (var writer = new NpyWriter<byte>(File, 32, 32))
        {
            writer.Write(last);
            writer.Complete();
        }

        // A hole of 3 GB, which takes no room on the disk, with the header's number of rows put right.
        byte[] header = System.IO.File.ReadAllBytes(File)[..128];
        int shape = header.AsSpan().IndexOf("(1, 32, 32), }      "u8);
        "(3000000, 32, 32), }"u8.CopyTo(header.AsSpan(shape));
        using (FileStream stream = System.IO.File.OpenWrite(File))
        {
            stream.Write(header);
            stream.SetLength(128 + ((long)Rows * Columns));
            stream.Position = 128 + ((Rows - 1L) * Columns);
            stream.Write(last);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        using MappedDataset mapped = MappedDataset.Open(File, exampleShape: new Shape(32, 32, 1));
        Assert.Equal(Rows, mapped.Count);
        Assert.Equal(last, mapped.Bytes(Rows - 1).ToArray());
        Assert.Equal(last, mapped.Bytes(0).ToArray());
        Assert.Equal(new byte[Columns], mapped.Bytes(Rows / 2).ToArray());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);

        // Examples of one batch that lie in several pieces of memory.
        using var loader =
            new BatchLoader<float>(mapped.Subset([0, Rows - 1, Rows / 2]), 3, RandomKey.FromSeed(1), new() { Shuffle = false });
        Batch<float> batch = loader.Next();
        Assert.Equal(last.Select(x => (float)x), batch.Features.Row(1).ToArray());
    }

    [Fact]
    public void MappedDataset_of_examples_larger_than_memory_can_be_is_refused()
    {
        // Of 2.4 GB each, in a hole that takes no room on the disk.
        const string Header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 300000000), }";
        byte[] start = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. System.Text.Encoding.ASCII.GetBytes(Header.PadRight(117) + "\n")];
        using (FileStream stream = System.IO.File.Create(File))
        {
            stream.Write(start);
            stream.SetLength(start.Length + 2_400_000_000);
        }
        Assert.Contains(
            "makes more than 2147483591 bytes", Assert.Throws<InvalidDataException>(() => MappedDataset.Open(File)).Message);
    }

    [Fact]
    public void MappedDataset_that_has_been_disposed_of_is_an_error_and_no_crash()
    {
        NpyFile.Write(File, NumericArray.Of<byte>([1, 2, 3, 4], 2, 2));
        MappedDataset mapped = MappedDataset.Open(File);
        ReadOnlyMemory<byte> bytes = mapped.Bytes(1);
        Assert.Equal([3, 4], bytes.ToArray());
        mapped.Dispose();
        mapped.Dispose();
        Assert.Throws<ObjectDisposedException>(() => bytes.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => mapped.Bytes(0).Span[0]);
    }

    [Fact]
    public void NpyWriter_writes_in_pieces_what_NpyFile_writes_at_once()
    {
        float[] numbers = [.. Enumerable.Range(0, 24).Select(i => i / 4f)];
        using (var writer = new NpyWriter<float>(File, 2, 3))
        {
            writer.Write(numbers.AsSpan(0, 6));
            writer.Write(numbers.AsSpan(6, 18));
            Assert.Throws<ArgumentException>(() => writer.Write([1, 2]));
            Assert.False(System.IO.File.Exists(File));
            writer.Complete();
            Assert.Throws<InvalidOperationException>(() => writer.Write(numbers));
        }
        byte[] pieces = System.IO.File.ReadAllBytes(File);
        NpyFile.Write(File, NumericArray.Of<float>(numbers, 4, 2, 3));
        Assert.Equal(System.IO.File.ReadAllBytes(File), pieces);
        using (var abandoned = new NpyWriter<float>(Path.Combine(_folder, "other.npy")))
            abandoned.Write(numbers);
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public void MappedDataset_training_that_is_resumed_in_another_process_has_the_same_bits()
    {
        ByteDataset bytes = TrainingData.Striped(120);
        NpyFile.Write(File, NumericArray.Of<byte>(
            [.. Enumerable.Range(0, bytes.Count).SelectMany(i => bytes.Example(i).ToArray())], [bytes.Count, bytes.ExampleShape.Count]));
        NumericArray labels = NumericArray.Of<int>(bytes.Labels);
        var checkpointing = new Checkpointing(Path.Combine(_folder, "run.checkpoint")) { Every = 4 };
        string whole = Run(null, null);
        Assert.Equal("killed", Run(checkpointing, 7));
        Assert.Equal(whole, Run(checkpointing, null));

        string Run(Checkpointing? checkpointing, long? killedAt)
        {
            // Opened anew each time, as another process would.
            using MappedDataset data = MappedDataset.Open(File, labels, bytes.Classes, bytes.ExampleShape);
            TrainingPlan plan = TrainingData.Plan with { Normalization = Normalization.PerFeature(data) };
            Model<float> model = TrainingData.Network.Build<float>(data.ExampleShape, 1);
            using var trainer = new Trainer<float>(model, plan, data, data.Take(20)) { Checkpointing = checkpointing };
            if (checkpointing is not null)
                Assert.Equal(killedAt is null, trainer.TryResume());
            if (killedAt is not { } step)
            {
                trainer.Run(cancellationToken: TestContext.Current.CancellationToken);
                return model.Sha256();
            }
            trainer.Callbacks.Add(new Killer(step));
            return Assert.Throws<InvalidOperationException>(
                () => trainer.Run(cancellationToken: TestContext.Current.CancellationToken)).Message;
        }
    }

    private sealed class Killer(long step) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report) =>
            report.Step < step ? TrainingDecision.Continue : throw new InvalidOperationException("killed");
    }

    private static string Trained<T>(Dataset data)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        TrainingPlan plan = TrainingData.Plan with { Normalization = Normalization.PerFeature(data) };
        Model<T> model = TrainingData.Network.Build<T>(data.ExampleShape, 1);
        using var trainer = new Trainer<T>(model, plan, data, data.Take(20));
        trainer.Run();
        return model.Sha256();
    }
}
