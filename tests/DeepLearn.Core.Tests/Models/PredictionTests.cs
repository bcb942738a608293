using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Tests.Layers;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Models;

[Collection(Alone.Name)]
public class PredictionTests
{
    private static readonly Layer Network = new Sequential(new Dense(20), new BatchNorm(), new Relu(), new Dropout(0.5), new Dense(3));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(2500)]
    public void Predict_equals_a_forward_pass_in_inference_bit_for_bit(int count)
    {
        var sample = new LayerSample(Network, 12, count, 4);
        Model<float> model = sample.Build<float>();
        Matrix<float> examples = sample.Examples<float>(), found = new(examples.Rows, 3);
        float[] expected = LayerRun<float>.Infer(sample, model);
        Assert.Equal(expected, model.Predict(examples).AsSpan().ToArray());
        model.Predict(examples, found.View);
        Assert.Equal(expected, found.AsSpan().ToArray());
        using var workers = new WorkerPool(2);
        Assert.Equal(expected, model.Predict(examples, workers).AsSpan().ToArray());
        model.Predict(examples.Row(count / 2), found.Row(0));
        Assert.Equal(expected.AsSpan(count / 2 * 3, 3).ToArray(), found.Row(0).ToArray());
        Assert.Equal(0, model.Predict(examples.SliceRows(0, 0)).Rows);
    }

    [Fact]
    public void Predict_of_bytes_equals_that_of_the_numbers_they_stand_for()
    {
        Model<float> model = new Sequential(new Dense(8), new Relu(), new Dense(3)).Build<float>(4, seed: 1);
        float[] scale = [0.5f, 0.25f, 2, 1], offset = [1, -1, 0, 0.125f];
        byte[] bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        Matrix<float> numbers = new(2, 4);
        for (int i = 0; i < 8; i++)
            numbers[i / 4, i % 4] = MathF.FusedMultiplyAdd(bytes[i], scale[i % 4], offset[i % 4]);
        Matrix<float> found = model.Predict(new ByteRows<float>(bytes, [0, 4], scale, offset));
        Assert.Equal(model.Predict(numbers).AsSpan().ToArray(), found.AsSpan().ToArray());
        Model<float> other = new Sequential(new Tanh(), new Dense(3)).Build<float>(4, seed: 1);
        Assert.Contains("found [2, 4] of bytes", Assert.Throws<ArgumentException>(
            () => other.Predict(new ByteRows<float>(bytes, [0, 4], scale, offset)).Rows).Message);
    }

    [Fact]
    public void Predict_from_eight_threads_at_once_gives_each_its_own_outputs()
    {
        // Wide enough that two callers who had one workspace would meet in it.
        var sample = new LayerSample(
            new Sequential(new Dense(400), new BatchNorm(), new Relu(), new Dense(400), new Relu(), new Dense(3)), 12, 64, 4);
        Model<float> model = sample.Build<float>();
        Matrix<float> examples = sample.Examples<float>(), expected = model.Predict(examples);
        using var workers = new WorkerPool(2);
        var failures = 0;
        var threads = new Thread[8];
        for (int t = 0; t < threads.Length; t++)
        {
            int seed = t;
            threads[t] = new(() =>
            {
                var random = new Random(seed);
                var found = new Matrix<float>(64, 3);
                for (int round = 0; round < 100; round++)
                {
                    int first = random.Next(64), count = 1 + random.Next(64 - first);
                    model.Predict(examples.SliceRows(first, count), found.SliceRows(0, count), seed % 2 == 0 ? null : workers);
                    if (!found.SliceRows(0, count).AsSpan().SequenceEqual(expected.SliceRows(first, count).AsSpan()))
                        Interlocked.Increment(ref failures);
                }
            });
            threads[t].Start();
        }
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, failures);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Predict_into_a_destination_allocates_nothing(int threads)
    {
        using var workers = new WorkerPool(threads);
        Model<float> model = new LayerSample(Network, 12, 64, 4).Build<float>();
        Matrix<float> examples = new LayerSample(Network, 12, 64, 4).Examples<float>(), found = new(64, 3);
        void Run()
        {
            model.Predict(examples, found.View, workers);
            model.Predict(examples.SliceRows(3, 17), found.SliceRows(3, 17));
            model.Predict(examples.Row(5), found.Row(5));
        }
        Assert.Equal(0, Allocation.OfAllThreads(Run, times: 10));
    }

    // Channels of 32x32 pixels: with 64, 256 KiB for an example and layer; with 1,024, eight examples alone take more than is usually kept.
    [Theory]
    [InlineData(64)]
    [InlineData(1024)]
    public void Predict_of_a_batch_whose_workspace_would_not_be_kept_allocates_nothing_after_the_first_calls(int channels)
    {
        Layer network = new Sequential(new Convolution2D(channels, 3) { Padding = 1 }, new Relu(), new GlobalAveragePool(), new Dense(3));
        Model<float> model = network.Build<float>(new Shape(32, 32, 3), seed: 1);
        Matrix<float> examples = new(100, 32 * 32 * 3), outputs = new(100, 3), one = new(1, 3);
        for (int i = 0; i < examples.AsSpan().Length; i++)
            examples.AsSpan()[i] = (i % 23) - 11;
        Assert.Equal(0, Allocation.OfAllThreads(() => model.Predict(examples, outputs.View)));
        foreach (int row in (int[])[0, 31, 32, 63, 99])
        {
            model.Predict(examples.View.SliceRows(row, 1), one.View);
            Assert.Equal(one.AsSpan().ToArray(), outputs.View.Row(row).ToArray());
        }
    }

    [Fact]
    public void Predict_after_a_weight_has_changed_equals_that_of_a_model_made_with_the_changed_weight()
    {
        Layer network = new Sequential(new Convolution2D(32, 3) { Padding = 1 }, new Relu(), new GlobalAveragePool(), new Dense(3));
        Model<float> used = network.Build<float>(new Shape(8, 8, 16), seed: 1), fresh = network.Build<float>(new Shape(8, 8, 16), seed: 1);
        Matrix<float> examples = new(2, 8 * 8 * 16);
        for (int i = 0; i < examples.AsSpan().Length; i++)
            examples.AsSpan()[i] = (i % 23) - 11;
        used.Predict(examples);
        foreach (Model<float> model in (Model<float>[])[used, fresh])
            model.Parameters[0].Value.AsSpan()[^1] += 0.5f;
        Assert.Equal(fresh.Predict(examples).AsSpan().ToArray(), used.Predict(examples).AsSpan().ToArray());
    }

    [Fact]
    public void Predict_into_a_destination_that_does_not_fit_writes_nothing()
    {
        Model<float> model = new Sequential(new Dense(4)).Build<float>(4, seed: 1);
        Matrix<float> examples = new(5, 4), whole = new(5, 5);
        whole.View.Fill(7);
        Assert.Contains("fill [5, 4]; found", Assert.Throws<ArgumentException>(() => model.Predict(examples, whole.View)).Message);
        Assert.Throws<ArgumentException>(() => model.Predict(examples, whole.View.Slice(0, 0, 4, 4)));
        Assert.Throws<ShapeMismatchException>(() => model.Predict(whole, whole.View));
        Assert.Throws<ShapeMismatchException>(() => model.Predict(new float[3], new float[4]));
        Assert.Throws<ArgumentException>(() => model.Predict(new float[4], new float[5]));
        Assert.Contains("share memory", Assert.Throws<ArgumentException>(() => model.Predict(examples, examples.View)).Message);
        Assert.All(whole.AsSpan().ToArray(), value => Assert.Equal(7, value));
    }

    [Fact]
    public void Model_keeps_no_pool_of_threads_alive_that_it_has_predicted_with()
    {
        Model<float> model = new Sequential(new Dense(4)).Build<float>(4, seed: 1);
        Collection.AssertTakes(Use(model));
        GC.KeepAlive(model);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Use(Model<float> model)
        {
            var workers = new WorkerPool(2);
            model.Predict(new Matrix<float>(3, 4), workers);
            return new(workers);
        }
    }
}
