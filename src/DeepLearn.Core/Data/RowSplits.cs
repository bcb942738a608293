using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>Divides the numbers of rows, from 0, into training and validation parts, each in ascending order.</summary>
/// <param name="count">The number of rows.</param>
/// <param name="of">What they are, such as <c>examples</c>.</param>
internal readonly struct RowSplits(int count, string of)
{
    /// <summary>So many rows chosen at random, the same ones as ever for a key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A part would have none.</exception>
    public RowParts ByCount(int validationCount, RandomKey key)
    {
        if (validationCount < 1 || validationCount >= count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(validationCount),
                $"At least 1 and fewer than all of the {count} {of} are set aside for validation; found {validationCount}.");
        }
        int[] order = Shuffled(Enumerable.Range(0, count), key), validation = order[..validationCount], training = order[validationCount..];
        Array.Sort(validation);
        Array.Sort(training);
        return new(training, validation);
    }

    /// <summary>A share of the rows, chosen at random.</summary>
    public RowParts ByFraction(double fraction, RandomKey key) => ByCount(CountOf(fraction), key);

    /// <summary>How many rows a share is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no share, or a part would have none.</exception>
    public int CountOf(double fraction)
    {
        RequireFraction(fraction);
        return CountOf(fraction, count, of);
    }

    /// <summary>The same share of each class.</summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="fraction">The share.</param>
    /// <param name="key">The name of the random choice.</param>
    public RowParts Stratified(int[] labels, int classes, double fraction, RandomKey key)
    {
        RequireFraction(fraction);
        HashSet<int> chosen = [];
        foreach (int[] ofClass in ShuffledClasses(labels, classes, key))
            chosen.UnionWith(ofClass[..(int)Math.Round(fraction * ofClass.Length)]);
        RequireShare(fraction, chosen.Count, count, of);
        return Parts(chosen.Contains);
    }

    /// <summary>Whole groups, chosen at random.</summary>
    /// <param name="groups">The group of each row.</param>
    /// <param name="fraction">The share of the groups.</param>
    /// <param name="key">The name of the random choice.</param>
    public RowParts Grouped(ReadOnlySpan<int> groups, double fraction, RandomKey key)
    {
        RequireFraction(fraction);
        int[] groupOf = groups.ToArray(), order = ShuffledGroups(groupOf, key);
        HashSet<int> chosen = [.. order.AsSpan(0, CountOf(fraction, order.Length, "groups"))];
        return Parts(row => chosen.Contains(groupOf[row]));
    }

    /// <summary>Folds, with each row in one validation part.</summary>
    public RowParts[] Folds(int folds, RandomKey key)
    {
        RequireFolds(folds, count, of);
        return Dealt(Shuffled(Enumerable.Range(0, count), key), folds);
    }

    /// <summary>Folds with the same share of each class, up to one row.</summary>
    public RowParts[] StratifiedFolds(int[] labels, int classes, int folds, RandomKey key)
    {
        RequireFolds(folds, count, of);
        return Dealt([.. ShuffledClasses(labels, classes, key).SelectMany(ofClass => ofClass)], folds);
    }

    /// <summary>Folds of whole groups.</summary>
    public RowParts[] GroupedFolds(ReadOnlySpan<int> groups, int folds, RandomKey key)
    {
        int[] groupOf = groups.ToArray(), order = ShuffledGroups(groupOf, key);
        RequireFolds(folds, order.Length, "groups");
        Dictionary<int, int> foldOf = order.Select((group, i) => (group, i % folds)).ToDictionary();
        RowSplits rows = this;
        return [.. Enumerable.Range(0, folds).Select(fold => rows.Parts(row => foldOf[groupOf[row]] == fold))];
    }

    // The rows of all strata one after the other, dealt like cards: sizes of folds, and shares of strata, differ by at most one.
    private RowParts[] Dealt(int[] order, int folds)
    {
        var foldOf = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
            foldOf[order[i]] = i % folds;
        RowSplits rows = this;
        return [.. Enumerable.Range(0, folds).Select(fold => rows.Parts(row => foldOf[row] == fold))];
    }

    private RowParts Parts(Func<int, bool> isValidation)
    {
        ILookup<bool, int> parts = Enumerable.Range(0, count).ToLookup(isValidation);
        return new([.. parts[false]], [.. parts[true]]);
    }

    private int[] ShuffledGroups(int[] groups, RandomKey key) => groups.Length == count
        ? Shuffled(groups.Distinct().Order(), key)
        : throw new ArgumentException($"There is a group for each of the {count} {of}; found {groups.Length}.", nameof(groups));

    private static IEnumerable<int[]> ShuffledClasses(int[] labels, int classes, RandomKey key) => Enumerable.Range(0, classes)
        .Select(c => Shuffled(Enumerable.Range(0, labels.Length).Where(i => labels[i] == c), key.Derive(c)));

    private static int[] Shuffled(IEnumerable<int> items, RandomKey key)
    {
        int[] order = [.. items];
        RandomStream random = key.Open();
        random.Shuffle(order.AsSpan());
        return order;
    }

    private static int CountOf(double fraction, int count, string of)
    {
        int validation = (int)Math.Round(fraction * count);
        RequireShare(fraction, validation, count, of);
        return validation;
    }

    private static void RequireShare(double fraction, int validation, int count, string of)
    {
        if (validation < 1 || validation >= count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(fraction),
                $"A share of {InvariantText.Of(fraction)} divides the {count} {of} into {count - validation} for training and {validation} "
                + "for validation; expected at least one in each part.");
        }
    }

    private static void RequireFraction(double fraction)
    {
        if (!(fraction > 0 && fraction < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(fraction), $"The share of the validation part is above 0 and below 1; found {InvariantText.Of(fraction)}.");
        }
    }

    private static void RequireFolds(int folds, int most, string of)
    {
        if (folds < 2 || folds > most)
        {
            throw new ArgumentOutOfRangeException(
                nameof(folds), $"The number of folds is from 2 to that of the {of}, {most}; found {folds}.");
        }
    }
}
