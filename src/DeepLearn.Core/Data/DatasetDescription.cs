using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>
/// What the examples of a data set look like, whatever their number: an immutable value that subsets share with the whole.
/// </summary>
/// <example><code>
/// var description = new DatasetDescription(new Shape(28, 28, 1)) { Classes = 3, ClassNames = ["cat", "dog", "horse"] };
/// </code></example>
public sealed record DatasetDescription
{
    /// <summary>Makes a description of examples of one shape.</summary>
    /// <param name="exampleShape">
    /// The shape of one example, <c>[features]</c>, <c>[height, width, channels]</c> or, planar, <c>[channels, height, width]</c>.
    /// </param>
    public DatasetDescription(Shape exampleShape)
    {
        ArgumentNullException.ThrowIfNull(exampleShape);
        ExampleShape = exampleShape;
    }

    /// <summary>The shape of one example.</summary>
    public Shape ExampleShape { get; }

    /// <summary>
    /// Which axis of an example of three axes is the channels; without meaning for others. Default <see cref="PixelOrder.ChannelsLast"/>.
    /// </summary>
    public PixelOrder Order { get; init => field = PropertyGuard.Member(value); }

    /// <summary>The number of classes; 0, the default, if the examples have no class labels.</summary>
    public int Classes { get; init; }

    /// <summary>The number of real-valued targets of an example; 0, the default, if there are none.</summary>
    public int TargetWidth { get; init; }

    /// <summary>The names of the classes in order; empty, the default, if they are not known.</summary>
    public ValueList<string> ClassNames { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>The names of the features in order; empty, the default, if they are not known.</summary>
    public ValueList<string> FeatureNames { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>How the examples were made of what was read; null, the default, where that is not known.</summary>
    public ExamplePreparation? Preparation { get; init; }

    internal void Check()
    {
        if (Classes < 0 || TargetWidth < 0)
            throw new ArgumentException($"The numbers of classes and targets are at least 0; found {Classes} and {TargetWidth}.");
        if (ClassNames.Count != 0 && ClassNames.Count != Classes)
            throw new ArgumentException($"There is one name for each of the {Classes} classes, or none; found {ClassNames.Count}.");
        if (FeatureNames.Count != 0 && FeatureNames.Count != ExampleShape.Count)
        {
            throw new ArgumentException(
                $"There is one name for each of the {ExampleShape.Count} features, or none; found {FeatureNames.Count}.");
        }
        RequireDifferent("class", ClassNames);
        RequireDifferent("feature", FeatureNames);
    }

    // Data sets are matched by these names.
    private static void RequireDifferent(string what, ValueList<string> names)
    {
        if (names.Count == 0)
            return;
        var seen = new HashSet<string>(names.Count, StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (!seen.Add(name))
                throw new ArgumentException($"Each {what} has a name of its own; found '{name}' twice.");
        }
    }
}
