namespace DeepLearn.Data;

/// <summary>Whether numbers given as labels are classes, or are to be predicted: the limits, for tables and arrays alike.</summary>
internal static class LabelNumbers
{
    /// <summary>As many classes are never doubted: small sets may have few examples of each.</summary>
    public const int Undoubted = 10;

    /// <summary>Whole numbers from 0 or 1 on are numbers of classes, however many; others are, up to here.</summary>
    public const int UndoubtedNumbers = 100;

    /// <summary>How many examples there are at least for each class, where there are more than are never doubted.</summary>
    public const int LeastRows = 5;

    /// <summary>Throws where the labels of an array, of which nobody said how many classes there are, do not look like classes.</summary>
    /// <remarks>
    /// As for a table, but for this: a number stands for the class that it is, and not for the next one, so that as many classes as the
    /// largest label has below it are said to be there.
    /// </remarks>
    /// <param name="labels">The labels, at least 0.</param>
    /// <param name="largest">The largest of them, below the largest number there is.</param>
    /// <param name="source">Where they are from.</param>
    /// <param name="withTargets">What takes numbers instead.</param>
    /// <exception cref="InvalidDataException">They do not; the message says what they look like, and how to insist.</exception>
    public static void Require(ReadOnlySpan<int> labels, int largest, string source, string withTargets)
    {
        if (largest < Undoubted)
            return;
        int different = new HashSet<int>([.. labels]).Count;
        bool haveRows = largest < labels.Length && (different <= Undoubted || labels.Length >= (long)LeastRows * different);
        if (haveRows && (largest < UndoubtedNumbers || largest < 2L * different))
            return;
        throw new InvalidDataException(
            $"{source}: expected labels of classes, from 0; found {different} different numbers up to {largest} in {labels.Length} "
            + $"examples: they look like numbers to be predicted. Give them as targets, by {withTargets}, with a loss for numbers; or say "
            + $"that each is a class by the number of classes, the argument classes ({largest + 1}, or as many as there are).");
    }
}
