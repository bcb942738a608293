using System.Runtime.CompilerServices;
using DeepLearn.Data;
using DeepLearn.Data.Augmentation;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Data;

public class BatchLoaderTests
{
    [Property(MaxTest = 50)]
    public Property BatchLoader_epoch_shows_every_example_exactly_once() => Prop.ForAll(
        (from count in Gen.Choose(1, 300)
         from size in Gen.Choose(1, 70)
         from epoch in Gen.Choose(0, 5)
         from seed in Gen.Choose(0, 9)
         select (count, size, epoch, seed)).ToArbitrary(),
        test =>
        {
            ByteDataset data = SmallData.Bytes(test.count, 4);
            using var loader = new BatchLoader<float>(data, test.size, RandomKey.FromSeed((ulong)test.seed));
            loader.Position = (long)test.epoch * loader.BatchesPerEpoch;
            var seen = new List<int>();
            for (int i = 0; i < loader.BatchesPerEpoch; i++)
            {
                Batch<float> batch = loader.Next();
                for (int row = 0; row < batch.Count; row++)
                {
                    int index = SmallData.IndexOf(batch.FeatureView.Row(row));
                    Assert.Equal(index % 3, batch.LabelView[row]);
                    seen.Add(index);
                }
            }
            seen.Sort();
            Assert.Equal(Enumerable.Range(0, test.count), seen);
        });

    [Fact]
    public void BatchLoader_epochs_have_different_orders()
    {
        using var loader = new BatchLoader<float>(SmallData.Bytes(200, 4), 200, RandomKey.FromSeed(3));
        float[] first = Copy(loader.Next());
        float[] second = Copy(loader.Next());
        Assert.NotEqual(first, second);
        Assert.NotEqual(SmallData.All(loader.Dataset), first);
    }

    [Property(MaxTest = 25)]
    public Property BatchLoader_with_prefetch_gives_the_same_batches_bit_for_bit() => Prop.ForAll(
        (from count in Gen.Choose(1, 60)
         from size in Gen.Choose(1, 20)
         from depth in Gen.Choose(1, 5)
         from start in Gen.Choose(0, 40)
         from drop in Gen.Elements(true, false)
         select (count, size, depth, start, drop: drop && size <= count)).ToArbitrary(),
        test =>
        {
            ByteDataset data = SmallData.Bytes(test.count, new Shape(4, 4, 3));
            var options = new BatchLoaderOptions { Normalization = Normalization.PerFeature(data), DropLast = test.drop };
            using var plain = new BatchLoader<float>(data, test.size, RandomKey.FromSeed(7), options);
            using WorkerPool workers = Pools.WithProcessorToSpare();
            using var ahead =
                new BatchLoader<float>(data, test.size, RandomKey.FromSeed(7), options with { Prefetch = test.depth }, workers);
            Assert.True(ahead.MakesAhead);
            plain.Position = test.start;
            ahead.Position = test.start;
            for (int i = 0; i < 30; i++)
            {
                if (i == 20)
                    plain.Position = ahead.Position = 3;
                Batch<float> expected = plain.Next(), found = ahead.Next();
                Assert.Equal(expected.LabelView.ToArray(), found.LabelView.ToArray());
                Assert.Equal(Copy(expected), Copy(found));
            }
        });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void BatchLoader_on_several_threads_gives_the_same_batches_bit_for_bit(int kind)
    {
        // By features, by whole examples since the data set can no other, and by whole examples since they are augmented.
        Dataset data = kind == 1 ? new WholeExamples() : SmallData.Bytes(90, new Shape(4, 5, 3));
        var options = new BatchLoaderOptions
        {
            Normalization = Normalization.PerFeature(data),
            Augmentation = kind == 2 ? new HorizontalFlip() : null,
        };
        using var alone = new BatchLoader<float>(data, 33, RandomKey.FromSeed(7), options);
        for (int threads = 2; threads <= 4; threads++)
        {
            using var workers = new WorkerPool(threads);
            using var together = new BatchLoader<float>(data, 33, RandomKey.FromSeed(7), options, workers);
            alone.Position = 0;
            for (int i = 0; i < 7; i++)
            {
                Batch<float> expected = alone.Next(), found = together.Next();
                Assert.Equal(expected.LabelView.ToArray(), found.LabelView.ToArray());
                Assert.Equal(Copy(expected), Copy(found));
            }
        }
    }

    [Property(MaxTest = 30)]
    public Property BatchLoader_set_to_any_position_gives_the_batch_of_that_step() => Prop.ForAll(
        (from count in Gen.Choose(1, 60)
         from size in Gen.Choose(1, 20)
         from step in Gen.Choose(0, 50)
         select (count, size, step)).ToArbitrary(),
        test =>
        {
            ByteDataset data = SmallData.Bytes(test.count, 5);
            using var straight = new BatchLoader<double>(data, test.size, RandomKey.FromSeed(7));
            using var resumed = new BatchLoader<double>(data, test.size, RandomKey.FromSeed(7));
            Batch<double> batch = straight.Next();
            for (int i = 0; i < test.step; i++)
                batch = straight.Next();
            Batch<double> other = resumed.CreateBatch();
            resumed.Load(test.step, other);
            Assert.Equal(batch.FeatureView.AsSpan().ToArray(), other.FeatureView.AsSpan().ToArray());
            Assert.Equal(0, resumed.Position);
            Assert.Equal(test.step + 1, straight.Position);
        });

    [Fact]
    public void BatchLoader_last_batch_of_an_epoch_is_smaller_or_dropped()
    {
        ByteDataset data = SmallData.Bytes(25, 4);
        using var ragged = new BatchLoader<float>(data, 10, RandomKey.FromSeed(1));
        Assert.Equal(3, ragged.BatchesPerEpoch);
        Assert.Equal([10, 10, 5, 10], Enumerable.Range(0, 4).Select(_ => ragged.Next().Count));
        using var whole = new BatchLoader<float>(data, 10, RandomKey.FromSeed(1), new() { DropLast = true });
        Assert.Equal(2, whole.BatchesPerEpoch);
        Assert.Equal([10, 10, 10], Enumerable.Range(0, 3).Select(_ => whole.Next().Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void BatchLoader_exception_of_the_data_set_reaches_the_consumer(int prefetch)
    {
        var data = new FailingDataset(40, failAt: 25);
        using WorkerPool workers = Pools.WithProcessorToSpare();
        using var loader = new BatchLoader<float>(data, 10, RandomKey.FromSeed(1), new() { Shuffle = false, Prefetch = prefetch }, workers);
        loader.Next();
        loader.Next();
        Assert.Equal("example 25", Assert.Throws<InvalidOperationException>(() => loader.Next()).Message);
        Assert.Equal("example 25", Assert.Throws<InvalidOperationException>(() => loader.Next()).Message);
        loader.Position = 3;
        Assert.Equal(10, loader.Next().Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void BatchLoader_batch_that_failed_once_is_loaded_at_the_next_call(int prefetch)
    {
        var data = new FailingDataset(40, failAt: 25);
        using WorkerPool workers = Pools.WithProcessorToSpare();
        using var loader = new BatchLoader<float>(data, 10, RandomKey.FromSeed(1), new() { Shuffle = false, Prefetch = prefetch }, workers);
        loader.Next();
        loader.Next();
        Assert.Throws<InvalidOperationException>(() => loader.Next());
        Assert.Throws<InvalidOperationException>(() => loader.Next());
        Assert.Equal(2, loader.Position);

        // An attempt before it was put right, which would fail, must not be what the next call is told of.
        int attempts = data.Failures;
        Thread.Sleep(20);
        Assert.Equal(attempts, data.Failures);
        data.IsMended = true;
        for (int step = 2; step < 12; step++)
        {
            Batch<float> batch = loader.Next();
            Assert.Equal(step % 4 * 10, batch.FeatureView[0, 0]);
        }
        Assert.Equal(2, data.Failures);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void BatchLoader_without_a_spare_processor_makes_no_batch_ahead(int threads)
    {
        ByteDataset data = SmallData.Bytes(40, 4);
        var options = new BatchLoaderOptions { Normalization = Normalization.PerFeature(data), Prefetch = 3 };
        using WorkerPool all = Pools.OnAllProcessors(threads), some = Pools.WithProcessorToSpare(threads);
        using var here = new BatchLoader<float>(data, 10, RandomKey.FromSeed(1), options, all);
        using var ahead = new BatchLoader<float>(data, 10, RandomKey.FromSeed(1), options, some);
        Assert.Equal((false, 1), (here.MakesAhead, here.BatchesHeld));
        Assert.Equal((true, 4), (ahead.MakesAhead, ahead.BatchesHeld));

        // What is made when it is asked for may leave bytes where they are.
        Assert.True(here.Next().InputFor(readsBytes: true).IsBytes);
        Assert.False(ahead.Next().InputFor(readsBytes: true).IsBytes);
    }

    [Fact]
    public void BatchLoader_disposed_refuses_further_batches()
    {
        ByteDataset data = SmallData.Bytes(40, 4);
        using WorkerPool workers = Pools.WithProcessorToSpare();
        for (int i = 0; i < 20; i++)
        {
            var loader = new BatchLoader<float>(data, 10, RandomKey.FromSeed(1), new() { Prefetch = 2 }, workers);
            if (i % 2 == 0)
                loader.Next();
            loader.Dispose();
            loader.Dispose();
            Assert.Throws<ObjectDisposedException>(() => loader.Next());
            Assert.Throws<ObjectDisposedException>(() => loader.Position = 1);
        }
    }

    [Fact]
    public void BatchLoader_collected_without_dispose_releases_its_data_set()
    {
        Collection.AssertTakes(Forget());

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Forget()
        {
            using WorkerPool workers = Pools.WithProcessorToSpare();
            ByteDataset data = SmallData.Bytes(40, 4);
            new BatchLoader<float>(data, 10, RandomKey.FromSeed(1), new() { Prefetch = 2 }, workers).Next();
            return new(data);
        }
    }

    [Fact]
    public void BatchLoader_with_bad_options_is_refused()
    {
        ByteDataset data = SmallData.Bytes(40, 4);
        RandomKey key = RandomKey.FromSeed(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader<float>(data, 0, key));
        Assert.Contains(
            "at least one example", Assert.Throws<ArgumentException>(() => new BatchLoader<float>(data.Take(0), 1, key)).Message);
        Assert.Contains(
            "found -1", Assert.Throws<ArgumentException>(() => new BatchLoader<float>(data, 1, key, new() { Prefetch = -1 })).Message);
        Assert.Contains(
            "leave none", Assert.Throws<ArgumentException>(() => new BatchLoader<float>(data, 41, key, new() { DropLast = true })).Message);
        Assert.Contains(
            "must have 4 features, one for each of an example's; found 5",
            Assert.Throws<ArgumentException>(
                () => new BatchLoader<float>(data, 1, key, new() { Normalization = Normalization.UnitRange(5) })).Message);
    }

    private static float[] Copy(Batch<float> batch) => batch.FeatureView.AsSpan().ToArray();

    private sealed class FailingDataset(int count, int failAt) : Dataset(count, new DatasetDescription(2), null)
    {
        public volatile bool IsMended;
        public volatile int Failures;

        protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
        {
            if (indices.Contains(failAt) && !IsMended)
            {
                Interlocked.Increment(ref Failures);
                throw new InvalidOperationException($"example {failAt}");
            }
            for (int i = 0; i < indices.Length; i++)
                destination.Row(i).Fill(T.CreateChecked(indices[i]));
        }
    }
}
