using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Testing.Checks;

namespace DeepLearn.Testing;

/// <summary>What every <see cref="Dataset"/> promises, checked on one of them.</summary>
/// <example><code>DatasetContract.Check(new Stripes(20)).ThrowIfFailed();</code></example>
public static class DatasetContract
{
    private const float Filling = -7;
    private const string NoTargets = "the examples have no real-valued targets";

    /// <summary>Checks a data set. It has at least one example.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">How much of it is looked at; null for the defaults.</param>
    /// <returns>A check for each promise.</returns>
    /// <exception cref="ArgumentException">The data set is empty, or a number in the options too small.</exception>
    public static ContractReport Check(Dataset dataset, DatasetContractOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Examples, 1);
        if (dataset.Count == 0)
            throw new ArgumentException("A data set is checked by its examples; found none.", nameof(dataset));
        int[] indices = Choose(dataset, options);
        var checks = new CheckList(nameof(DatasetContract), $"{dataset.GetType().Name} of {dataset.Count} examples {dataset.ExampleShape}");
        checks.Add("an example is the same bits in any batch", () => CheckBatches(dataset, indices));
        checks.Add("the same example gives the same bits again", () => CheckRepeats(dataset, indices));
        checks.Add("a float is the double rounded", () =>
        {
            float[] expected = Array.ConvertAll(Gather<double>(dataset, indices), value => (float)value);
            Expect.SameBits(expected, Gather<float>(dataset, indices), "the features at float");
        });
        checks.Add("a transform is one rounding of each feature", () => CheckTransform(dataset, indices));
        checks.Add("nothing is written beside the rows", () => CheckWindows(dataset, indices));
        checks.AddIf(
            dataset.GathersFeatures,
            "the data set gathers whole examples only",
            "some features are those of whole examples",
            () => CheckFeatures(dataset, indices));
        checks.AddIf(
            dataset.Classes > 0, "the examples have no class labels", "labels go with their examples", () => CheckLabels(dataset, indices));
        checks.AddIf(dataset.TargetWidth > 0, NoTargets, "targets go with their examples", () => CheckTargets(dataset, indices));
        checks.AddIf(
            dataset.HoldsBytes, "its examples do not stand as bytes", "the bytes are the features", () => CheckBytes(dataset, indices));
        checks.Add("views show the same examples", () => CheckViews(dataset, indices));
        checks.Add("sums for means and variances are those of the features", () => CheckMoments(dataset, indices));
        checks.Add("batches are the same on any number of threads", () => CheckLoader(dataset, options));
        checks.Add("its memory is told", () => CheckMemory(dataset));
        checks.Add("gathering allocates nothing", () =>
        {
            var rows = new Matrix<float>(indices.Length, dataset.ExampleShape.Count);
            FeatureTransform<float> transform = Transform<float>(dataset);
            Allocations.ExpectNone(() => dataset.Gather<float>(indices, rows), "Gather");
            Allocations.ExpectNone(() => dataset.Gather(indices, transform, rows), "Gather with a transform");
        });
        checks.Add("what does not fit is refused", () => CheckErrors(dataset));
        return checks.ToReport();
    }

    // In random order, one of them twice.
    private static int[] Choose(Dataset dataset, DatasetContractOptions options)
    {
        int[] all = [.. Enumerable.Range(0, dataset.Count)];
        RandomStream random = options.Key.Open();
        random.Shuffle<int>(all);
        return [.. all.Take(options.Examples), all[0]];
    }

    private static T[] Gather<T>(Dataset dataset, int[] indices, FeatureTransform<T>? transform = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> rows = Numbers.Filled(indices.Length, dataset.ExampleShape.Count, T.NaN);
        dataset.Gather(indices, transform, rows);
        return rows.AsSpan().ToArray();
    }

    private static T[] Targets<T>(Dataset dataset, int[] indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> rows = Numbers.Filled(indices.Length, dataset.TargetWidth, T.NaN);
        dataset.GatherTargets<T>(indices, rows);
        return rows.AsSpan().ToArray();
    }

    // Scales and offsets that no feature shares with the next.
    private static FeatureTransform<T> Transform<T>(Dataset dataset)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int features = dataset.ExampleShape.Count;
        T[] scale = [.. Enumerable.Range(0, features).Select(i => T.CreateChecked((float)(0.3 + (0.7 * i / features))))];
        T[] offset = [.. Enumerable.Range(0, features).Select(i => T.CreateChecked((float)Math.Sin(i)))];
        return new(scale, offset);
    }

    private static void CheckBatches(Dataset dataset, int[] indices)
    {
        float[] together = Gather<float>(dataset, indices);
        int width = dataset.ExampleShape.Count;
        for (int i = 0; i < indices.Length; i++)
        {
            Expect.SameBits<float>(
                Gather<float>(dataset, [indices[i]]),
                together.AsSpan(i * width, width),
                $"example {indices[i]} among others, as it is alone");
        }
        int[] backwards = [.. indices.Reverse()];
        float[] reversed = Gather<float>(dataset, backwards);
        for (int i = 0; i < indices.Length; i++)
        {
            Expect.SameBits<float>(
                together.AsSpan(i * width, width),
                reversed.AsSpan((indices.Length - 1 - i) * width, width),
                $"example {indices[i]} in a batch in the opposite order");
        }
    }

    private static void CheckRepeats(Dataset dataset, int[] indices)
    {
        float[] first = Gather<float>(dataset, indices);
        Expect.SameBits(first, Gather<float>(dataset, indices), "the examples, gathered a second time");
        Concurrently.ExpectSame(
            first, () => Gather<float>(dataset, indices), (expected, found) => Expect.SameBits(expected, found, "the examples"));
    }

    private static void CheckTransform(Dataset dataset, int[] indices)
    {
        ExpectFused(Gather<float>(dataset, indices), Transform<float>(dataset), Gather(dataset, indices, Transform<float>(dataset)));
        ExpectFused(Gather<double>(dataset, indices), Transform<double>(dataset), Gather(dataset, indices, Transform<double>(dataset)));

        static void ExpectFused<T>(T[] plain, FeatureTransform<T> transform, T[] found)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var expected = new T[plain.Length];
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] = T.FusedMultiplyAdd(
                    plain[i], transform.Scale[i % transform.Features], transform.Offset[i % transform.Features]);
            }
            Expect.SameBits(expected, found, "fma(feature, scale, offset) of every feature");
        }
    }

    private static void CheckWindows(Dataset dataset, int[] indices)
    {
        var window = new Window<float>(indices.Length, dataset.ExampleShape.Count);
        dataset.Gather(indices, window.View);
        Expect.SameBits(Gather<float>(dataset, indices), window.ToArray(), "the examples in rows with gaps between them");
        window.ExpectMarginsUntouched("the examples");
        if (dataset.GathersFeatures)
        {
            window = new(indices.Length, dataset.ExampleShape.Count);
            dataset.GatherFeatures(indices, null, 0, window.View);
            Expect.SameBits(Gather<float>(dataset, indices), window.ToArray(), "all features in rows with gaps between them");
            window.ExpectMarginsUntouched("the features");
        }
        if (dataset.TargetWidth == 0)
            return;
        var targets = new Window<float>(indices.Length, dataset.TargetWidth);
        dataset.GatherTargets(indices, targets.View);
        Expect.SameBits(Targets<float>(dataset, indices), targets.ToArray(), "the targets in rows with gaps between them");
        targets.ExpectMarginsUntouched("the targets");
    }

    private static void CheckFeatures(Dataset dataset, int[] indices)
    {
        int features = dataset.ExampleShape.Count;
        foreach (FeatureTransform<float>? transform in new[] { null, Transform<float>(dataset) })
        {
            float[] whole = Gather(dataset, indices, transform);
            foreach ((int first, int count) in new[] { (0, features), (features / 2, features - (features / 2)), (features / 3, 1) })
            {
                Matrix<float> some = Numbers.Filled(indices.Length, count, float.NaN);
                dataset.GatherFeatures(indices, transform, first, some.View);
                float[] expected = [.. indices.SelectMany((_, i) => whole.AsSpan((i * features) + first, count).ToArray())];
                Expect.SameBits<float>(
                    expected, some.AsSpan(), $"{count} features from {first} on{(transform is null ? "" : ", transformed")}");
            }
        }
    }

    private static void CheckLabels(Dataset dataset, int[] indices)
    {
        var labels = new int[indices.Length];
        dataset.GatherLabels(indices, labels);
        for (int i = 0; i < indices.Length; i++)
        {
            Expect.Equal(dataset.Labels[indices[i]], labels[i], $"the label of example {indices[i]}");
            Expect.That(
                (uint)labels[i] < (uint)dataset.Classes,
                $"a label from 0 to {dataset.Classes - 1} for example {indices[i]}",
                $"{labels[i]}");
        }
    }

    private static void CheckTargets(Dataset dataset, int[] indices)
    {
        float[] together = Targets<float>(dataset, indices);
        int width = dataset.TargetWidth;
        for (int i = 0; i < indices.Length; i++)
        {
            Expect.SameBits<float>(
                Targets<float>(dataset, [indices[i]]),
                together.AsSpan(i * width, width),
                $"the targets of example {indices[i]} among others, as they are alone");
        }
        Expect.SameBits(Array.ConvertAll(Targets<double>(dataset, indices), value => (float)value), together, "the targets at float");
        Expect.That(!together.Any(float.IsNaN), "all targets written", "NaN, which the destination was filled with");
    }

    private static void CheckBytes(Dataset dataset, int[] indices)
    {
        int width = dataset.ExampleShape.Count;
        float[] features = Gather<float>(dataset, indices);
        for (int i = 0; i < indices.Length; i++)
        {
            float[] expected = Array.ConvertAll(dataset.Bytes(indices[i]).ToArray(), value => (float)value);
            Expect.SameBits<float>(
                expected, features.AsSpan(i * width, width), $"the features of example {indices[i]}, which are its bytes");
        }
    }

    private static void CheckViews(Dataset dataset, int[] indices)
    {
        Dataset view = Dataset.Concatenate(dataset, dataset.Subset(indices)).Skip(dataset.Count);
        for (int i = 0; i < indices.Length; i++)
        {
            int index = indices[i];
            Expect.SameBits(Gather<float>(dataset, [index]), Gather<float>(view, [i]), $"example {index} in a view");
            if (dataset.Classes > 0)
                Expect.Equal(dataset.Labels[index], view.Labels[i], $"the label of example {index} in a view");
            if (dataset.TargetWidth > 0)
                Expect.SameBits(Targets<float>(dataset, [index]), Targets<float>(view, [i]), $"the targets of example {index} in a view");
        }
    }

    private static void CheckMoments(Dataset dataset, int[] indices)
    {
        int features = dataset.ExampleShape.Count;
        FeatureMoments expected = new(features), found = new(features);
        double[] numbers = Gather<double>(dataset, indices);
        for (int i = 0; i < indices.Length; i++)
            expected.Add(numbers.AsSpan(i * features, features));
        dataset.AddTo(indices, found);
        Expect.Equal(expected.Count, found.Count, "the number of examples summed");
        for (int i = 0; i < features; i++)
        {
            Expect.Near(expected.Of(i).Mean, found.Of(i).Mean, 1e-12, $"the mean of feature {i}");
            Expect.Near(expected.Of(i).Variance, found.Of(i).Variance, 1e-9, $"the variance of feature {i}");
        }
    }

    private static void CheckLoader(Dataset dataset, DatasetContractOptions options)
    {
        Dataset some = dataset.Take(Math.Min(dataset.Count, 3 * options.Examples));
        float[] expected = Load(null, 0);
        foreach (int threads in options.Threads)
        {
            using var workers = new WorkerPool(threads);
            Expect.SameBits(expected, Load(workers, 0), $"the batches of an epoch made by {threads} threads");
            Expect.SameBits(expected, Load(workers, 2), $"the batches of an epoch made by {threads} threads, two of them ahead");
        }

        float[] Load(WorkerPool? workers, int ahead)
        {
            var all = new List<float>();
            using var loader = new BatchLoader<float>(
                some,
                Math.Min(7, some.Count),
                options.Key,
                new() { Normalization = Normalization.PerFeature(some), Prefetch = ahead },
                workers);
            for (int i = 0; i < loader.BatchesPerEpoch; i++)
                all.AddRange(loader.Next().FeatureView.AsSpan());
            return [.. all];
        }
    }

    private static void CheckMemory(Dataset dataset)
    {
        long own = dataset.OwnMemoryInBytes, labels = dataset.Classes > 0 ? dataset.Count * (long)sizeof(int) : 0;
        Expect.That(own >= labels || dataset.Sources.Count > 0, $"at least the {labels} bytes of the labels", $"{own}");
        Expect.That(own >= 0, "at least 0 bytes", $"{own}");
        Expect.That(dataset.Sources.All(source => source is not null), "sources that are there", "null");
    }

    private static void CheckErrors(Dataset dataset)
    {
        int features = dataset.ExampleShape.Count;
        Matrix<float> rows = Numbers.Filled(2, features, Filling), wide = Numbers.Filled(2, features + 1, Filling);
        Refuses($"{dataset.Count}", () => dataset.Gather([0, dataset.Count], rows.View), "an index beyond the last example");
        Refuses("-1", () => dataset.Gather([0, -1], rows.View), "an index below 0");
        Refuses($"{features}", () => dataset.Gather([0, 0], wide.View), "a destination with a column too many");
        Refuses(
            $"{features}",
            () => dataset.Gather([0], new FeatureTransform<float>(new float[features + 1], new float[features + 1]), rows.SliceRows(0, 1)),
            "a transform with a feature too many");
        Expect.StillFilledWith<float>(Filling, rows, "the destination of what was refused");
        Expect.StillFilledWith<float>(Filling, wide, "the destination of what was refused");
        if (dataset.TargetWidth == 0)
        {
            Expect.Throws<InvalidOperationException>(
                () => dataset.GatherTargets([0], new Matrix<float>(1, 1).View), "targets of examples without any");
        }
        if (dataset.Classes == 0)
            Expect.Throws<InvalidOperationException>(() => dataset.GatherLabels([0], new int[1]), "labels of examples without any");
        if (!dataset.GathersFeatures)
        {
            Expect.Throws<NotSupportedException>(
                () => dataset.GatherFeatures([0], null, 0, rows.SliceRows(0, 1)),
                "some features of a data set that gathers whole examples");
        }

        static void Refuses(string words, Action action, string what) => Expect.ThrowsNaming<ArgumentException>(words, action, what);
    }
}
