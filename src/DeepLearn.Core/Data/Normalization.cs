using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>
/// How features are brought to a common scale: <c>(x - mean) / standard deviation</c>, feature by feature. An immutable value, in double.
/// </summary>
/// <remarks>
/// The statistics are those of the training set and are used unchanged on validation and test sets. They are applied as batches are made,
/// so the data set stays as it is, in bytes where it is bytes. Bytes are one fused multiply-add with <c>scale = 1 / standard deviation</c>
/// and <c>offset = -mean / standard deviation</c>, both rounded once to the precision of the batch. Other numbers are standardized in
/// double and rounded once: a constant feature is exactly 0, and a large mean costs no digits.
/// </remarks>
/// <example><code>
/// Normalization normalization = Normalization.PerFeature(training);    // of the training set, for every other set too
/// TrainingPlan normalized = plan with { Normalization = normalization };
/// </code></example>
public sealed record Normalization
{
    /// <summary>Makes a normalization with given means and standard deviations.</summary>
    /// <param name="mean">The mean of each feature, finite.</param>
    /// <param name="standardDeviation">The standard deviation of each feature, as many, finite and above 0.</param>
    /// <exception cref="ArgumentException">Different lengths, or a number outside its range.</exception>
    public Normalization(ValueList<double> mean, ValueList<double> standardDeviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(standardDeviation);
        if (mean.Count != standardDeviation.Count || mean.Count == 0)
        {
            throw new ArgumentException(
                $"There is a mean and a standard deviation for each feature; found {mean.Count} and {standardDeviation.Count}.");
        }
        for (int i = 0; i < mean.Count; i++)
        {
            if (!double.IsFinite(mean[i]) || !double.IsFinite(standardDeviation[i]) || standardDeviation[i] <= 0)
            {
                throw new ArgumentException(
                    $"A mean is finite and a standard deviation finite and above 0; feature {i} has {mean[i]} and {standardDeviation[i]}.");
            }
        }
        Mean = mean;
        StandardDeviation = standardDeviation;
    }

    /// <summary>The mean of each feature.</summary>
    public ValueList<double> Mean { get; }

    /// <summary>What each feature is divided by.</summary>
    public ValueList<double> StandardDeviation { get; }

    /// <summary>The number of features.</summary>
    public int Features => Mean.Count;

    /// <summary>What the training set looked like; null where the numbers were given. No part of the value.</summary>
    internal DatasetDescription? FittedOn { get; init; }

    /// <summary>Whether another normalization has the same means and standard deviations.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(Normalization? other) =>
        other is not null && Mean.Equals(other.Mean) && StandardDeviation.Equals(other.StandardDeviation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mean, StandardDeviation);

    /// <summary>
    /// Mean and population standard deviation (divided by the number of examples) of each feature of a training set. A feature that is the
    /// same in all examples is divided by 1, so that it becomes 0 everywhere instead of something divided by 0.
    /// </summary>
    /// <param name="trainingSet">The training set, of at least one example; all values finite.</param>
    /// <exception cref="ArgumentException">There is no example, or a value is not finite.</exception>
    public static Normalization PerFeature(Dataset trainingSet)
    {
        FeatureMoments moments = MomentsOf(trainingSet);
        var mean = new double[moments.Features];
        var standardDeviation = new double[moments.Features];
        for (int i = 0; i < mean.Length; i++)
            (mean[i], standardDeviation[i]) = MeanAndStandardDeviation(moments, new ReadOnlySpan<int>(in i));
        return new(ValueList.Create<double>(mean), ValueList.Create<double>(standardDeviation)) { FittedOn = trainingSet.Description };
    }

    /// <summary>
    /// One mean and one population standard deviation for each channel of a training set of images, over all pixels and examples, given to
    /// every feature of the channel: <see cref="Mean"/> and <see cref="StandardDeviation"/> still have an element for each feature.
    /// </summary>
    /// <param name="trainingSet">The training set, of at least one image; all values finite.</param>
    /// <exception cref="ArgumentException">There is no example, a value is not finite, or the examples are not images.</exception>
    public static Normalization PerChannel(Dataset trainingSet)
    {
        ArgumentNullException.ThrowIfNull(trainingSet);
        ImageLayout layout = ImageLayout.Of(trainingSet.Description);
        FeatureMoments moments = MomentsOf(trainingSet);
        var mean = new double[moments.Features];
        var standardDeviation = new double[moments.Features];
        var features = new int[layout.Height * layout.Width];
        for (int channel = 0; channel < layout.Channels; channel++)
        {
            for (int i = 0; i < features.Length; i++)
                features[i] = (i * layout.ColumnStride) + (channel * layout.ChannelStride);
            (double channelMean, double channelStandardDeviation) = MeanAndStandardDeviation(moments, features);
            foreach (int feature in features)
                (mean[feature], standardDeviation[feature]) = (channelMean, channelStandardDeviation);
        }
        return new(ValueList.Create<double>(mean), ValueList.Create<double>(standardDeviation)) { FittedOn = trainingSet.Description };
    }

    /// <summary>
    /// Mean and population standard deviation of each real-valued target of a training set: by it a network's outputs are numbers around 0,
    /// whatever the unit. A target that is the same in all examples is divided by 1.
    /// </summary>
    /// <param name="trainingSet">The training set, of at least one example with targets; all of them finite.</param>
    /// <exception cref="ArgumentException">There is no example, there are no targets, or one is not finite.</exception>
    public static Normalization OfTargets(Dataset trainingSet)
    {
        ArgumentNullException.ThrowIfNull(trainingSet);
        if (trainingSet.Count == 0 || trainingSet.TargetWidth == 0)
        {
            throw new ArgumentException(
                $"A scaling of targets needs at least one example with real-valued targets; found {trainingSet.Count} examples with "
                + $"{trainingSet.TargetWidth}.", nameof(trainingSet));
        }
        var moments = new FeatureMoments(trainingSet.TargetWidth);
        var row = new Matrix<double>(1, trainingSet.TargetWidth);
        for (int i = 0; i < trainingSet.Count; i++)
        {
            trainingSet.GatherTargets(new ReadOnlySpan<int>(in i), row.View);
            moments.Add((ReadOnlySpan<double>)row.Row(0));
        }
        var mean = new double[moments.Features];
        var standardDeviation = new double[moments.Features];
        for (int i = 0; i < mean.Length; i++)
            (mean[i], standardDeviation[i]) = MeanAndStandardDeviation(moments, new ReadOnlySpan<int>(in i));
        return new(ValueList.Create<double>(mean), ValueList.Create<double>(standardDeviation));
    }

    /// <summary>Only the range is changed: <c>x / maximum</c>, from 0..255 to 0..1 by default.</summary>
    /// <param name="features">The number of features, at least 1.</param>
    /// <param name="maximum">What becomes 1; above 0. Default 255, the largest byte.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static Normalization UnitRange(int features, double maximum = 255)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        var standardDeviation = new double[features];
        standardDeviation.AsSpan().Fill(maximum);
        return new(ValueList.Create<double>(new double[features]), ValueList.Create<double>(standardDeviation));
    }

    /// <summary>The normalization at a precision, ready for use.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    public FeatureTransform<T> Build<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var scale = new T[Features];
        var offset = new T[Features];
        var mean = new double[Features];
        var factor = new double[Features];
        for (int i = 0; i < scale.Length; i++)
        {
            mean[i] = Mean[i];
            factor[i] = 1 / StandardDeviation[i];
            scale[i] = T.CreateChecked(1 / StandardDeviation[i]);
            offset[i] = T.CreateChecked(-Mean[i] / StandardDeviation[i]);
        }
        return new(scale, offset, mean, factor);
    }

    /// <summary>Throws where these are the statistics of other features than a data set has.</summary>
    /// <param name="found">What its examples look like.</param>
    /// <param name="parameter">The parameter of the caller that holds the normalization.</param>
    /// <exception cref="ArgumentException">The number, the names or the order of the features differ.</exception>
    internal void RequireFit(DatasetDescription found, string parameter)
    {
        if (Features != found.ExampleShape.Count)
        {
            throw new ArgumentException(
                $"The normalization must have {found.ExampleShape.Count} features, one for each of an example's; found {Features}.",
                parameter);
        }
        if (FittedOn is not { } fitted)
            return;
        bool areImages = fitted.ExampleShape.Rank == 3 && found.ExampleShape.Rank == 3;
        if (areImages && (fitted.ExampleShape != found.ExampleShape || fitted.Order != found.Order))
        {
            throw new ArgumentException(
                $"The normalization was fitted to images of {fitted.ExampleShape}, {fitted.Order}; found images of {found.ExampleShape}, "
                + $"{found.Order}.",
                parameter);
        }
        for (int i = 0; i < fitted.FeatureNames.Count && found.FeatureNames.Count > 0; i++)
        {
            if (fitted.FeatureNames[i] != found.FeatureNames[i])
            {
                throw new ArgumentException(
                    $"The normalization was fitted to {fitted.FeatureNames[i]} as feature {i}; found {found.FeatureNames[i]}.", parameter);
            }
        }
    }

    /// <summary>Throws where these are the statistics of another number of targets than a data set has.</summary>
    /// <param name="width">The number of its real-valued targets.</param>
    /// <param name="parameter">The parameter of the caller that holds the scaling.</param>
    /// <exception cref="ArgumentException">The numbers differ.</exception>
    internal void RequireTargets(int width, string parameter)
    {
        if (Features != width)
        {
            throw new ArgumentException(
                $"The scaling of targets must have {width} of them, one for each of an example's; found {Features}.", parameter);
        }
    }

    private static (double Mean, double StandardDeviation) MeanAndStandardDeviation(FeatureMoments moments, ReadOnlySpan<int> features)
    {
        (double mean, double variance) = moments.OfAll(features);
        if (!double.IsFinite(mean) || !double.IsFinite(variance))
        {
            throw new ArgumentException(
                $"All values of a training set are finite, and so are their squares; feature {features[0]} has a mean of {mean}.");
        }
        return (mean, variance > 0 ? Math.Sqrt(variance) : 1);
    }

    private static FeatureMoments MomentsOf(Dataset trainingSet)
    {
        ArgumentNullException.ThrowIfNull(trainingSet);
        if (trainingSet.Count == 0)
            throw new ArgumentException("A normalization needs at least one example; found none.", nameof(trainingSet));
        var moments = new FeatureMoments(trainingSet.ExampleShape.Count);
        Span<int> indices = stackalloc int[256];
        for (int first = 0; first < trainingSet.Count; first += indices.Length)
        {
            Span<int> some = indices[..Math.Min(indices.Length, trainingSet.Count - first)];
            for (int i = 0; i < some.Length; i++)
                some[i] = first + i;
            trainingSet.AddTo(some, moments);
        }
        return moments;
    }
}
