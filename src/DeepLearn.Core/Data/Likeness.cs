using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>Whether two data sets mean the same by their features, classes and targets.</summary>
internal static class Likeness
{
    /// <summary>Throws where a label or a feature of a data set means something else than in another one.</summary>
    /// <param name="expected">What the other data set's examples look like.</param>
    /// <param name="expectedName">What the other data set is called, such as <c>the training set</c>.</param>
    /// <param name="found">What the data set's examples look like.</param>
    /// <param name="foundName">What it is called.</param>
    /// <param name="parameter">The parameter of the caller that holds it.</param>
    /// <exception cref="ArgumentException">They differ; the message says in what.</exception>
    public static void Require(
        DatasetDescription expected, string expectedName, DatasetDescription found, string foundName, string parameter)
    {
        bool areImages = expected.ExampleShape.Rank == 3;
        if (found.ExampleShape != expected.ExampleShape || (areImages && found.Order != expected.Order))
            Refuse($"examples of {Form(expected)}", Form(found));
        if (found.Classes != expected.Classes)
            Refuse($"{expected.Classes} classes{Names(expected)}", $"{found.Classes}{Names(found)}");
        if (found.TargetWidth != expected.TargetWidth)
            Refuse($"{expected.TargetWidth} targets", $"{found.TargetWidth}");
        CheckNames("class", expected.ClassNames, found.ClassNames);
        CheckNames("feature", expected.FeatureNames, found.FeatureNames);
        if (AreOtherwise(expected.Preparation, found.Preparation))
        {
            throw new ArgumentException(
                $"Expected {foundName} to be prepared as {expectedName} was; found another {found.Preparation!.Key}. Fit it to "
                + "the training set alone, and apply the one value to both.",
                parameter);
        }

        void CheckNames(string what, ValueList<string> wanted, ValueList<string> there)
        {
            if (FirstOtherName(wanted, there) is { } i)
                Refuse($"{wanted[i]} as {what} {i}", there[i]);
        }

        void Refuse(string wanted, string there) => throw new ArgumentException(
            $"{char.ToUpperInvariant(foundName[0])}{foundName[1..]} means the same as {expectedName}, which has {wanted}; {foundName} has "
            + $"{there}. {nameof(Dataset)}.{nameof(Dataset.AlignedTo)} matches classes and features by name, and orders of pixels.",
            parameter);
    }

    /// <summary>The first place at which two lists of names differ, where both are known; null if there is none.</summary>
    public static int? FirstOtherName(ValueList<string> one, ValueList<string> other)
    {
        for (int i = 0; i < Math.Min(one.Count, other.Count); i++)
        {
            if (one[i] != other[i])
                return i;
        }
        return null;
    }

    /// <summary>Whether two preparations are known, and make features that mean something else.</summary>
    public static bool AreOtherwise(ExamplePreparation? one, ExamplePreparation? other) =>
        one is not null && other is not null && !one.MakesTheSame(other);

    private static string Form(DatasetDescription description) => $"{description.ExampleShape}, {description.Order}";

    private static string Names(DatasetDescription description) =>
        description.ClassNames.Count is > 0 and <= 20 ? $", {description.ClassNames}" : "";
}
