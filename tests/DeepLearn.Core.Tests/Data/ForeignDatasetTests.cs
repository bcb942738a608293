using System.Buffers;
using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Data;

/// <summary>A data set from outside, views and concatenations give their bytes to the first layer; all with public members alone.</summary>
public class ForeignDatasetTests
{
    private static readonly ByteDataset Whole = SmallData.Bytes(90, new Shape(4, 5, 3));

    public static TheoryData<string> Kinds =>
    [
        "foreign array", "foreign arrays", "foreign memory manager", "foreign memory managers", "subset of foreign", "concatenation",
        "subset of a concatenation", "concatenation of foreign",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Dataset_of_bytes_reaches_a_layer_that_reads_them(string kind)
    {
        Dataset data = Make(kind);
        Assert.True(data.HoldsBytes);
        using var workers = new WorkerPool(2);
        using var loader = new BatchLoader<float>(data, 16, RandomKey.FromSeed(5), Options(data), workers);
        using var numbers = new BatchLoader<float>(data, 16, RandomKey.FromSeed(5), Options(data));
        Batch<float> expected = numbers.CreateBatch();
        for (int step = 0; step < 2 * loader.BatchesPerEpoch; step++)
        {
            Batch<float> batch = loader.Next();
            LayerInput<float> input = batch.InputFor(readsBytes: true);
            Assert.True(input.IsBytes);
            numbers.Load(step, expected);
            for (int row = 0; row < input.Rows; row++)
            {
                for (int j = 0; j < input.Columns; j++)
                {
                    float number = MathF.FusedMultiplyAdd(input.Bytes.Row(row)[j], input.Bytes.Scale[j], input.Bytes.Offset[j]);
                    Assert.Equal(expected.FeatureView[row, j], number);
                }
            }
            Assert.Equal(expected.LabelView.ToArray(), batch.LabelView.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Dataset_of_bytes_has_the_training_and_the_normalization_of_the_same_numbers(string kind)
    {
        Dataset data = Make(kind);
        Assert.Equal(Normalization.PerFeature(Same(data)), Normalization.PerFeature(data));
        Assert.Equal(Trained(Same(data)), Trained(data));
    }

    [Theory]
    [InlineData("foreign array", false)]
    [InlineData("subset of foreign", false)]
    [InlineData("foreign memory manager", false)]
    [InlineData("foreign arrays", true)]
    [InlineData("concatenation", true)]
    [InlineData("foreign memory managers", true)]
    public void Batch_reads_bytes_where_they_stand_unless_they_lie_in_several_memories(string kind, bool copies)
    {
        Dataset data = Make(kind);
        using var loader = new BatchLoader<float>(data, 40, RandomKey.FromSeed(5), Options(data));
        ByteRows<float> bytes = loader.Next().InputFor(readsBytes: true).Bytes;
        Assert.Equal(copies, bytes.Source.Length == 40 * 60);
    }

    [Fact]
    public void Batch_of_bytes_allocates_nothing_when_it_is_filled_again()
    {
        foreach (string kind in new[] { "foreign array", "concatenation" })
        {
            Dataset data = Make(kind);
            using var loader = new BatchLoader<float>(data, 16, RandomKey.FromSeed(5), Options(data));
            Assert.Equal(0, Allocation.Of(() => loader.Next(), times: 12));
        }
    }

    [Fact]
    public void Dataset_that_gives_too_few_bytes_is_named()
    {
        var data = new Foreign(Whole, (bytes, _) => bytes[..59]);
        Assert.Contains("Foreign gives 59 for example 3", Assert.Throws<InvalidOperationException>(() => data.Bytes(3)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Bytes(90));
        Assert.Throws<NotSupportedException>(() => new DenseDataset<float>(new(3, 2), [0, 1, 0], 2).Bytes(0));
        Assert.False(Dataset.Concatenate(Whole, new DenseDataset<float>(new(3, 60), new int[3], null, Whole.Description)).HoldsBytes);
    }

    private static BatchLoaderOptions Options(Dataset data) => new() { Normalization = Normalization.PerFeature(data) };

    private static float[] Trained(Dataset data)
    {
        using var workers = new WorkerPool(2);
        using var loader = new BatchLoader<float>(data, 16, RandomKey.FromSeed(5), Options(data), workers);
        Model<float> model = new Sequential(new Dense(7), new Relu(), new Dense(3)).Build<float>(data.ExampleShape, seed: 1);
        var step = new TrainingStep<float>(model, new SoftmaxCrossEntropy(), Regularizer.None, new Sgd(), 16, workers);
        for (int i = 0; i < 10; i++)
        {
            Batch<float> batch = loader.Next();
            step.Run(batch, Targets<float>.FromLabels(batch.LabelView), 0.01, i, default);
        }
        return [.. model.Parameters.SelectMany(parameter => parameter.Value.AsSpan().ToArray())];
    }

    /// <summary>The same examples in one array of the library's own.</summary>
    private static ByteDataset Same(Dataset data) => new(
        [.. Enumerable.Range(0, data.Count).SelectMany(i => data.Bytes(i).ToArray())], data.Labels.ToArray(), data.Description);

    private static Dataset Make(string kind) => kind switch
    {
        "foreign array" => new Foreign(Whole, (bytes, _) => bytes),
        "foreign arrays" => new Foreign(Whole, (bytes, _) => bytes.ToArray()),
        "foreign memory manager" => new Foreign(
            Whole, Managed(new Manager(Enumerable.Range(0, 90).SelectMany(i => Whole.Example(i).ToArray()).ToArray()))),
        "foreign memory managers" => new Foreign(Whole, (bytes, _) => new Manager(bytes.ToArray()).Memory),
        "subset of foreign" => new Foreign(Whole, (bytes, _) => bytes).Skip(7).Take(50),
        "concatenation" => Dataset.Concatenate(Whole, SmallData.Bytes(30, new Shape(4, 5, 3), seed: 2), Whole.Take(10)),
        "subset of a concatenation" => Dataset.Concatenate(Whole, SmallData.Bytes(30, new Shape(4, 5, 3), seed: 2)).Skip(70),
        _ => Dataset.Concatenate(new Foreign(Whole, (bytes, _) => bytes), Whole),
    };

    private static Func<ReadOnlyMemory<byte>, int, ReadOnlyMemory<byte>> Managed(Manager manager) =>
        (_, index) => manager.Memory.Slice(index * 60, 60);

    /// <summary>Written outside the library: it says that it holds bytes and where, and no more.</summary>
    private sealed class Foreign(ByteDataset data, Func<ReadOnlyMemory<byte>, int, ReadOnlyMemory<byte>> place)
        : Dataset(data.Count, data.Description, data.Labels.ToArray())
    {
        public override bool HoldsBytes => true;

        protected override ReadOnlyMemory<byte> BytesCore(int index) => place(data.Bytes(index), index);
    }

    private sealed class Manager(byte[] bytes) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => bytes;

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
