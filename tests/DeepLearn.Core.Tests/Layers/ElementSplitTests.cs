using DeepLearn.Layers;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Layers;

public class ElementSplitTests
{
    private static readonly Arbitrary<(int Rows, int Columns, bool IsFlat, int ElementsOfPart)> Splits = Arb.From(
        from rows in Gen.Choose(0, 20)
        from columns in Gen.Choose(0, 30)
        from flat in Gen.Elements(false, true)
        from elements in Gen.Choose(1, 60)
        select (rows, columns, flat, elements));

    [Fact]
    public void ElementSplit_parts_have_each_element_once_in_order() => Prop.ForAll(Splits, split =>
    {
        (int rows, int columns, bool isFlat, int elementsOfPart) = split;
        var parts = new ElementSplit(rows, columns, isFlat, elementsOfPart);
        var elements = new List<(int Row, int Column)>();
        for (int part = 0; part < parts.Parts; part++)
        {
            (int first, int end, int length) = parts.RunsOf(part, out int offset);
            Assert.True(first < end && (length > 0 || columns == 0), $"part {part} of {parts.Parts} has nothing");
            for (int row = first; row < end; row++)
                elements.AddRange(Enumerable.Range(offset, length).Select(column => (row, column)));
        }

        // A flat matrix counts as one row.
        int across = isFlat ? rows * columns : columns;
        Assert.Equal(Enumerable.Range(0, rows * columns).Select(i => (i / Math.Max(across, 1), i % Math.Max(across, 1))), elements);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(10, 7, true, 20, 4, 20)]
    [InlineData(10, 2, true, 20, 1, 20)]
    [InlineData(10, 7, false, 20, 5, 14)]
    [InlineData(10, 7, false, 3, 10, 7)]
    [InlineData(10, 0, false, 3, 4, 0)]
    [InlineData(0, 7, true, 3, 0, 0)]
    public void ElementSplit_parts_are_of_about_the_size_that_was_asked_for(
        int rows, int columns, bool isFlat, int elementsOfPart, int parts, int ofFirst)
    {
        var split = new ElementSplit(rows, columns, isFlat, elementsOfPart);
        Assert.Equal(parts, split.Parts);
        if (parts > 0)
        {
            (int first, int end, int length) = split.RunsOf(0, out _);
            Assert.Equal(ofFirst, (end - first) * length);
        }
    }

    [Fact]
    public void ElementSplit_refuses_sizes_that_are_none()
    {
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => new ElementSplit(-1, 1, true, 1));
        Assert.Throws<ArgumentOutOfRangeException>("columns", () => new ElementSplit(1, -1, true, 1));
        Assert.Throws<ArgumentOutOfRangeException>("elementsOfPart", () => new ElementSplit(1, 1, true, 0));
    }
}
