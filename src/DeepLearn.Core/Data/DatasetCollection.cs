using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>A published collection: a training set, perhaps stored in several files, and a test set.</summary>
/// <example><code>
/// (Dataset learned, Dataset held) = Splits.Stratified(training, fraction: 0.2, RandomKey.FromSeed(1));
/// var collection = new DatasetCollection("my images", learned, held);
/// </code></example>
public sealed class DatasetCollection
{
    /// <summary>Makes a collection.</summary>
    /// <param name="name">What reports call it, for instance <c>"cifar-10"</c>.</param>
    /// <param name="training">The whole training set.</param>
    /// <param name="test">The test set.</param>
    /// <param name="trainingBatches">
    /// The parts in which the training set is filed, as views of it; none stands for the whole as one part.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The test set or a part has other shapes, classes, names or orders of pixels than the training set.
    /// </exception>
    public DatasetCollection(string name, Dataset training, Dataset test, params Dataset[] trainingBatches)
    {
        ArgumentNullException.ThrowIfNull(trainingBatches);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(test);
        Likeness.Require(training.Description, "the training set", test.Description, "the test set", nameof(test));
        foreach (Dataset batch in trainingBatches)
        {
            ArgumentNullException.ThrowIfNull(batch, nameof(trainingBatches));
            Likeness.Require(
                training.Description, "the training set", batch.Description, "a part of it", nameof(trainingBatches));
        }
        Name = name;
        Training = training;
        Test = test;
        TrainingBatches = trainingBatches.Length == 0 ? [training] : ValueList.Create(trainingBatches);
    }

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>The whole training set.</summary>
    public Dataset Training { get; }

    /// <summary>The test set.</summary>
    public Dataset Test { get; }

    /// <summary>
    /// The parts in which the training set is filed, in order, as views of <see cref="Training"/>: CIFAR-10's <c>data_batch_1</c> is the
    /// first.
    /// </summary>
    public ValueList<Dataset> TrainingBatches { get; }

    /// <summary>The names of the classes; empty if they are not known.</summary>
    public ValueList<string> ClassNames => Training.Description.ClassNames;
}
