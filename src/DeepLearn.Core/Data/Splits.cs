using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>
/// Divides data sets into training and validation parts. All parts are views in the order of the whole; the same key gives the same parts.
/// </summary>
/// <remarks>
/// A validation part of a fraction has <c>round(fraction * n)</c> examples (to even where it is a tie). A stratified part takes that share
/// of each class, so that its size may differ by less than the number of classes. A grouped part takes whole groups, such as the images of
/// one person, so that no group is in both parts.
/// </remarks>
/// <example><code>
/// (Dataset learned, Dataset held) = Splits.Stratified(training, fraction: 0.2, RandomKey.FromSeed(1));
/// foreach ((Dataset train, Dataset validation) in Splits.StratifiedFolds(training, folds: 5, RandomKey.FromSeed(1)))
///     Console.WriteLine($"{train.Count} and {validation.Count}");    // prints 240 and 60
/// </code></example>
public static class Splits
{
    /// <summary>Sets a share of the examples, chosen at random, aside for validation.</summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="fraction">The share of the validation part, above 0 and below 1.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or leaves a part without examples.</exception>
    public static (Dataset Training, Dataset Validation) ByFraction(Dataset dataset, double fraction, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        CheckFraction(fraction);
        return dataset.Split(CountOf(fraction, dataset.Count, "examples"), key);
    }

    /// <summary>Sets the last share of the examples aside for validation, without shuffling: for data in the order of time.</summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="fraction">The share of the validation part, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or leaves a part without examples.</exception>
    public static (Dataset Training, Dataset Validation) InOrder(Dataset dataset, double fraction)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        CheckFraction(fraction);
        int validation = CountOf(fraction, dataset.Count, "examples");
        return (dataset.Take(dataset.Count - validation), dataset.Skip(dataset.Count - validation));
    }

    /// <summary>Sets the same share of each class, chosen at random, aside for validation.</summary>
    /// <param name="dataset">The whole, with class labels.</param>
    /// <param name="fraction">The share of the validation part, above 0 and below 1.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentException">The examples have no class labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or leaves a part without examples.</exception>
    public static (Dataset Training, Dataset Validation) Stratified(Dataset dataset, double fraction, RandomKey key)
    {
        CheckFraction(fraction);
        var isValidation = new bool[RequireLabels(dataset).Count];
        foreach (int[] ofClass in ShuffledClasses(dataset, key))
        {
            foreach (int example in ofClass.AsSpan(0, (int)Math.Round(fraction * ofClass.Length)))
                isValidation[example] = true;
        }
        CheckShare(fraction, isValidation.Count(chosen => chosen), dataset.Count, "examples");
        return Parts(dataset, isValidation);
    }

    /// <summary>Sets whole groups of examples, chosen at random, aside for validation.</summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="groups">The group of each example, any numbers.</param>
    /// <param name="fraction">The share of the groups in the validation part, above 0 and below 1.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentException">There are not as many groups as examples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or leaves a part without examples.</exception>
    public static (Dataset Training, Dataset Validation) Grouped(Dataset dataset, ReadOnlySpan<int> groups, double fraction, RandomKey key)
    {
        CheckFraction(fraction);
        int[] order = ShuffledGroups(dataset, groups, key);
        HashSet<int> chosen = [.. order.AsSpan(0, CountOf(fraction, order.Length, "groups"))];
        var isValidation = new bool[groups.Length];
        for (int i = 0; i < groups.Length; i++)
            isValidation[i] = chosen.Contains(groups[i]);
        return Parts(dataset, isValidation);
    }

    /// <summary>
    /// The folds of a cross-validation: each example is in the validation part of exactly one fold, and validation parts differ by at most
    /// one example in size.
    /// </summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="folds">How many, from 2 to the number of examples.</param>
    /// <param name="key">
    /// The name of the random choice. For repeated cross-validation give each repetition a key of its own, such as
    /// <c>key.Derive(repetition)</c>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The number of folds is out of range.</exception>
    public static IReadOnlyList<(Dataset Training, Dataset Validation)> Folds(Dataset dataset, int folds, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        CheckFolds(folds, dataset.Count, "examples");
        return Folds(dataset, folds, [Shuffled(Enumerable.Range(0, dataset.Count), key)]);
    }

    /// <summary>
    /// Folds as of <see cref="Folds(Dataset, int, RandomKey)"/>, each with the same share of each class, up to one example.
    /// </summary>
    /// <param name="dataset">The whole, with class labels.</param>
    /// <param name="folds">How many, from 2 to the number of examples.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentException">The examples have no class labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of folds is out of range.</exception>
    public static IReadOnlyList<(Dataset Training, Dataset Validation)> StratifiedFolds(Dataset dataset, int folds, RandomKey key)
    {
        CheckFolds(folds, RequireLabels(dataset).Count, "examples");
        return Folds(dataset, folds, ShuffledClasses(dataset, key));
    }

    /// <summary>
    /// Several cross-validations one after the other, each with folds of its own: repetition r has those of <c>key.Derive(r)</c>.
    /// </summary>
    /// <param name="dataset">The whole, with class labels where the folds are stratified.</param>
    /// <param name="folds">How many folds a repetition has, from 2 to the number of examples.</param>
    /// <param name="repetitions">How many repetitions, at least 1.</param>
    /// <param name="key">The name of the random choices.</param>
    /// <param name="isStratified">Whether each fold has the same share of each class, up to one example. Default false.</param>
    /// <exception cref="ArgumentException">The folds are stratified, and the examples have no class labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static IReadOnlyList<(Dataset Training, Dataset Validation)> RepeatedFolds(
        Dataset dataset, int folds, int repetitions, RandomKey key, bool isStratified = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repetitions, 1);
        var all = new List<(Dataset, Dataset)>();
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            RandomKey own = key.Derive(repetition);
            all.AddRange(isStratified ? StratifiedFolds(dataset, folds, own) : Folds(dataset, folds, own));
        }
        return all;
    }

    /// <summary>Folds of whole groups: each group is in the validation part of exactly one fold.</summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="groups">The group of each example, any numbers.</param>
    /// <param name="folds">How many, from 2 to the number of groups.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentException">There are not as many groups as examples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of folds is out of range.</exception>
    public static IReadOnlyList<(Dataset Training, Dataset Validation)> GroupedFolds(
        Dataset dataset, ReadOnlySpan<int> groups, int folds, RandomKey key)
    {
        int[] order = ShuffledGroups(dataset, groups, key);
        CheckFolds(folds, order.Length, "groups");
        var parts = new List<(Dataset, Dataset)>();
        for (int fold = 0; fold < folds; fold++)
        {
            HashSet<int> chosen = [.. order.Where((_, i) => i % folds == fold)];
            var isValidation = new bool[groups.Length];
            for (int i = 0; i < groups.Length; i++)
                isValidation[i] = chosen.Contains(groups[i]);
            parts.Add(Parts(dataset, isValidation));
        }
        return parts;
    }

    // The examples of all strata one after the other, dealt like cards: sizes of folds, and shares of strata, differ by at most one.
    private static List<(Dataset Training, Dataset Validation)> Folds(Dataset dataset, int folds, IEnumerable<int[]> strata)
    {
        int[] dealt = [.. strata.SelectMany(stratum => stratum)];
        var parts = new List<(Dataset, Dataset)>();
        for (int fold = 0; fold < folds; fold++)
        {
            var isValidation = new bool[dealt.Length];
            for (int i = fold; i < dealt.Length; i += folds)
                isValidation[dealt[i]] = true;
            parts.Add(Parts(dataset, isValidation));
        }
        return parts;
    }

    private static (Dataset Training, Dataset Validation) Parts(Dataset dataset, bool[] isValidation)
    {
        int[] all = [.. Enumerable.Range(0, isValidation.Length)];
        return (dataset.Subset([.. all.Where(i => !isValidation[i])]), dataset.Subset([.. all.Where(i => isValidation[i])]));
    }

    private static IEnumerable<int[]> ShuffledClasses(Dataset dataset, RandomKey key)
    {
        int[] labels = dataset.Labels.ToArray();
        return Enumerable.Range(0, dataset.Classes)
            .Select(c => Shuffled(Enumerable.Range(0, labels.Length).Where(i => labels[i] == c), key.Derive(c)));
    }

    private static int[] ShuffledGroups(Dataset dataset, ReadOnlySpan<int> groups, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (groups.Length != dataset.Count)
        {
            throw new ArgumentException(
                $"There is a group for each of the {dataset.Count} examples; found {groups.Length}.", nameof(groups));
        }
        return Shuffled(groups.ToArray().Distinct().Order(), key);
    }

    private static int[] Shuffled(IEnumerable<int> items, RandomKey key)
    {
        int[] order = [.. items];
        RandomStream random = key.Open();
        random.Shuffle(order.AsSpan());
        return order;
    }

    private static Dataset RequireLabels(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset.Classes > 0
            ? dataset
            : throw new ArgumentException("A stratified split needs class labels; found none.", nameof(dataset));
    }

    /// <summary>Throws unless both parts of a division have something.</summary>
    /// <param name="validationCount">How many are set aside.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="of">What they are, such as <c>examples</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">One has nothing.</exception>
    internal static void CheckCount(int validationCount, int count, string of)
    {
        if (validationCount < 1 || validationCount >= count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(validationCount),
                $"At least 1 and fewer than all of the {count} {of} are set aside for validation; found {validationCount}.");
        }
    }

    private static int CountOf(double fraction, int count, string of)
    {
        int validation = (int)Math.Round(fraction * count);
        CheckShare(fraction, validation, count, of);
        return validation;
    }

    private static void CheckShare(double fraction, int validation, int count, string of)
    {
        if (validation < 1 || validation >= count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(fraction),
                $"A share of {InvariantText.Of(fraction)} divides the {count} {of} into {count - validation} for training and {validation} "
                + "for validation; expected at least one in each part.");
        }
    }

    private static void CheckFraction(double fraction)
    {
        if (!(fraction > 0 && fraction < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(fraction), $"The share of the validation part is above 0 and below 1; found {InvariantText.Of(fraction)}.");
        }
    }

    private static void CheckFolds(int folds, int most, string of)
    {
        if (folds < 2 || folds > most)
        {
            throw new ArgumentOutOfRangeException(
                nameof(folds), $"The number of folds is from 2 to that of the {of}, {most}; found {folds}.");
        }
    }
}
