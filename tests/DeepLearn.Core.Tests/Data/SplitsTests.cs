using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Data;

public class SplitsTests
{
    [Fact]
    public void Splits_repeated_folds_are_those_of_each_repetitions_own_key()
    {
        ByteDataset data = SmallData.Bytes(20, new Shape(2, 1, 1), classes: 3);
        RandomKey key = RandomKey.FromSeed(4);
        foreach (bool isStratified in new[] { false, true })
        {
            (Dataset Training, Dataset Validation)[] all = [.. Splits.RepeatedFolds(data, 4, 3, key, isStratified)];
            Assert.Equal(12, all.Length);
            for (int i = 0; i < all.Length; i++)
            {
                RandomKey own = key.Derive(i / 4);
                Dataset expected = (isStratified ? Splits.StratifiedFolds(data, 4, own) : Splits.Folds(data, 4, own))[i % 4].Validation;
                Assert.Equal(SmallData.All(expected), SmallData.All(all[i].Validation));
            }
            Assert.NotEqual(SmallData.All(all[0].Validation), SmallData.All(all[4].Validation));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Splits.RepeatedFolds(data, 4, 0, key));
    }

    private static readonly RandomKey Key = RandomKey.FromSeed(5);

    [Property(MaxTest = 60)]
    public Property Splits_put_every_example_into_exactly_one_part() => Prop.ForAll(
        (from count in Gen.Choose(3, 90)
         from percent in Gen.Choose(1, 99)
         from seed in Gen.Choose(0, 99)
         select (count, percent, seed)).ToArbitrary(),
        test =>
        {
            ByteDataset data = SmallData.Bytes(test.count, 4);
            RandomKey key = RandomKey.FromSeed((ulong)test.seed);
            double fraction = test.percent / 100.0;
            int[] groups = [.. Enumerable.Range(0, test.count).Select(i => i * i % 7)];
            int expected = (int)Math.Round(fraction * test.count);
            Divides(expected > 0 && expected < test.count, data, () => Splits.InOrder(data, fraction));
            Divides(expected > 0 && expected < test.count, data, () => Splits.ByFraction(data, fraction, key));
            int ofGroups = groups.Distinct().Count(), chosen = (int)Math.Round(fraction * ofGroups);
            Divides(chosen > 0 && chosen < ofGroups, data, () => Splits.Grouped(data, groups, fraction, key));
            int ofClasses = CountsOf(data).Sum(count => (int)Math.Round(fraction * count));
            Divides(ofClasses > 0 && ofClasses < test.count, data, () => Splits.Stratified(data, fraction, key));
            if (expected > 0 && expected < test.count)
                Assert.Equal(expected, Splits.ByFraction(data, fraction, key).Validation.Count);
            int folds = 2 + (test.seed % Math.Min(5, test.count - 1));
            AssertAreFolds(data, folds, Splits.Folds(data, folds, key));
            AssertAreFolds(data, folds, Splits.StratifiedFolds(data, folds, key));
            int some = Math.Min(folds, groups.Distinct().Count());
            if (some >= 2)
                AssertAreFolds(data, some, Splits.GroupedFolds(data, groups, some, key), areEven: false);
        });

    [Fact]
    public void Splits_that_leave_a_part_without_examples_are_refused()
    {
        ByteDataset data = SmallData.Bytes(8, 4);
        foreach (double fraction in new[] { 0, 1, -0.1, 1.5, double.NaN })
        {
            string found = Assert.Throws<ArgumentOutOfRangeException>(() => Splits.ByFraction(data, fraction, Key)).Message;
            Assert.Contains("above 0 and below 1", found);
        }
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => Splits.ByFraction(data, 0.05, Key)).Message;
        Assert.Contains("A share of 0.05 divides the 8 examples into 8 for training and 0 for validation", message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Splits.InOrder(data, 0.95));
        Assert.Throws<ArgumentOutOfRangeException>(() => Splits.Stratified(data, 0.05, Key));
        Assert.Contains("3 groups", Assert.Throws<ArgumentOutOfRangeException>(
            () => Splits.Grouped(data, [0, 1, 2, 0, 1, 2, 0, 1], 0.1, Key)).Message);
        foreach (int count in new[] { 0, 8, 9, -1 })
            Assert.Contains($"found {count}", Assert.Throws<ArgumentOutOfRangeException>(() => data.Split(count, Key)).Message);
        Assert.Equal((7, 1), (data.Split(1, Key).Training.Count, data.Split(1, Key).Validation.Count));
    }

    [Fact]
    public void Splits_Stratified_takes_the_same_share_of_each_class()
    {
        // 60 of class 0, 30 of class 1 and 10 of class 2.
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2)];
        var data = new ByteDataset(new byte[100], labels, new DatasetDescription(1) { Classes = 3 });
        (_, Dataset validation) = Splits.Stratified(data, 0.2, Key);
        Assert.Equal([12, 6, 2], CountsOf(validation));
        foreach ((_, Dataset part) in Splits.StratifiedFolds(data, 10, Key))
            Assert.Equal([6, 3, 1], CountsOf(part));
    }

    [Fact]
    public void Splits_Grouped_keep_each_group_in_one_part()
    {
        ByteDataset data = SmallData.Bytes(90, 4);
        int[] groups = [.. Enumerable.Range(0, 90).Select(i => 1000 - (i % 9))];
        (Dataset training, Dataset validation) = Splits.Grouped(data, groups, 1 / 3.0, Key);
        Assert.Equal((60, 30), (training.Count, validation.Count));
        Assert.Empty(GroupsOf(training).Intersect(GroupsOf(validation)));
        foreach ((Dataset rest, Dataset part) in Splits.GroupedFolds(data, groups, 4, Key))
            Assert.Empty(GroupsOf(rest).Intersect(GroupsOf(part)));

        IEnumerable<int> GroupsOf(Dataset part) => IndicesOf(part).Select(i => groups[i]);
    }

    [Fact]
    public void Splits_of_the_same_key_are_the_same_and_of_another_key_others()
    {
        ByteDataset data = SmallData.Bytes(60, 4);
        Assert.Equal(IndicesOf(Splits.Stratified(data, 0.5, Key).Validation), IndicesOf(Splits.Stratified(data, 0.5, Key).Validation));
        Assert.NotEqual(IndicesOf(Splits.Folds(data, 3, Key)[0].Validation), IndicesOf(Splits.Folds(data, 3, Key.Derive(1))[0].Validation));
    }

    [Fact]
    public void Splits_with_impossible_options_are_refused()
    {
        ByteDataset data = SmallData.Bytes(10, 4), unlabeled = SmallData.Bytes(10, 4, classes: 0);
        Assert.Contains("found 1.5", Assert.Throws<ArgumentOutOfRangeException>(() => Splits.ByFraction(data, 1.5, Key)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Splits.InOrder(data, double.NaN));
        Assert.Contains("found 11", Assert.Throws<ArgumentOutOfRangeException>(() => Splits.Folds(data, 11, Key)).Message);
        Assert.Contains("labels", Assert.Throws<ArgumentException>(() => Splits.Stratified(unlabeled, 0.5, Key)).Message);
        Assert.Contains("found 3", Assert.Throws<ArgumentException>(() => Splits.Grouped(data, [1, 2, 3], 0.5, Key)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Splits.GroupedFolds(data, new int[10], 2, Key));
    }

    private static void AssertDivides(Dataset whole, (Dataset Training, Dataset Validation) parts)
    {
        Assert.Equal(Enumerable.Range(0, whole.Count), IndicesOf(parts.Training).Concat(IndicesOf(parts.Validation)).Order());
        Assert.Equal(IndicesOf(parts.Validation).Order(), IndicesOf(parts.Validation));
    }

    private static void AssertAreFolds(
        Dataset whole, int folds, IReadOnlyList<(Dataset Training, Dataset Validation)> parts, bool areEven = true)
    {
        Assert.Equal(folds, parts.Count);
        foreach ((Dataset Training, Dataset Validation) part in parts)
            AssertDivides(whole, part);
        Assert.Equal(Enumerable.Range(0, whole.Count), parts.SelectMany(part => IndicesOf(part.Validation)).Order());
        if (areEven)
            Assert.InRange(parts.Max(part => part.Validation.Count) - parts.Min(part => part.Validation.Count), 0, 1);
    }

    private static int[] CountsOf(Dataset data) => [.. Enumerable.Range(0, data.Classes).Select(c => data.Labels.Count(c))];

    private static int[] IndicesOf(Dataset data)
    {
        var rows = new Matrix<float>(data.Count, data.ExampleShape.Count);
        data.GatherRange(0, null, rows.View);
        return [.. Enumerable.Range(0, data.Count).Select(i => SmallData.IndexOf(rows.Row(i)))];
    }

    private static void Divides(bool isPossible, Dataset whole, Func<(Dataset Training, Dataset Validation)> split)
    {
        if (isPossible)
            AssertDivides(whole, split());
        else
            Assert.Throws<ArgumentOutOfRangeException>(() => split());
    }
}
