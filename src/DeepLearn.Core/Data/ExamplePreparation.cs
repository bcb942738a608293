using System.Text;

namespace DeepLearn.Data;

/// <summary>
/// How examples were made of what was read, such as the rows of a table or the files of images: an immutable value, which data sets carry
/// with them (<see cref="DatasetDescription.Preparation"/>).
/// </summary>
/// <remarks>
/// A trainer puts it onto the card of its model, so that a prediction does the same. Two data sets that were prepared otherwise, such as a
/// validation set that was scaled by statistics of its own, are refused beside each other.
/// </remarks>
public abstract record ExamplePreparation
{
    /// <summary>What it is, in a few words: the key of the text that a model's card keeps of it.</summary>
    public abstract string Key { get; }

    /// <summary>The value as JSON.</summary>
    public abstract string ToJson();

    /// <summary>
    /// Whether features that another preparation made mean the same as those of this one. By default whether both are equal.
    /// </summary>
    /// <param name="other">The other preparation.</param>
    public virtual bool MakesTheSame(ExamplePreparation other) => Equals(other);

    /// <summary>
    /// Writes the options for <see cref="object.ToString"/>. <see cref="Key"/> is not one of them, since it follows from the type.
    /// </summary>
    /// <param name="builder">Receives the text.</param>
    /// <returns>Whether anything was written.</returns>
    protected virtual bool PrintMembers(StringBuilder builder) => false;
}
