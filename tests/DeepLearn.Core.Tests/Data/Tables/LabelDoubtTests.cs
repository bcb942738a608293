using System.Globalization;
using DeepLearn.Data;
using DeepLearn.Data.Csv;
using DeepLearn.Data.Tables;
using Xunit;

namespace DeepLearn.Tests.Data.Tables;

/// <summary>A column of numbers that is named as the label becomes classes only where it looks like classes, or somebody insists.</summary>
public class LabelDoubtTests
{
    private static readonly CsvOptions Options = new() { LabelColumn = "y" };

    public static TheoryData<string, int, int, bool> Columns => new()
    {
        // What the labels are, rows, different labels, whether they are taken.
        { "digits", 200, 10, true },
        { "digits", 10, 10, true },
        { "digits", 600, 100, true },
        { "digits", 1000, 150, true },
        { "digits", 40, 30, false },
        { "halves", 100, 10, true },
        { "halves", 100, 11, false },
        { "prices", 100, 97, false },
        { "prices", 5000, 200, false },
        { "prices", 600, 29, true },
        { "prices", 600, 101, false },
        { "commas", 100, 50, false },
        { "names", 100, 60, false },
        { "names", 100, 30, true },
        { "names", 6, 6, true },
    };

    [Theory]
    [MemberData(nameof(Columns))]
    public void Label_that_looks_like_something_else_is_refused_and_says_what_to_do(string kind, int rows, int different, bool isTaken)
    {
        string text = "x;y\n" + string.Concat(Enumerable.Range(0, rows).Select(row => $"{row};{LabelOf(kind, row % different)}\n"));
        CsvOptions options = Options with { Separator = ';' };
        if (isTaken)
        {
            Assert.Equal(different, CsvFiles.Parse<float>(new StringReader(text), "t.csv", options).Classes);
            return;
        }
        string message = Assert.Throws<InvalidDataException>(
            () => CsvFiles.Parse<float>(new StringReader(text), "t.csv", options)).Message;
        Assert.StartsWith("t.csv, column 2 (y): expected labels of classes; found " + different, message);
        Assert.Contains($"in {rows} rows, such as {(kind == "names" ? "name0" : LabelOf(kind, 0))}, ", message);
        Assert.Contains(kind == "names" ? "nearly every row has one of its own" : "TargetColumns", message);
        Assert.Contains("LabelsAreClasses", message);

        // Whoever insists has them as classes: in a preprocessing, or by their names.
        Table table = CsvFiles.ParseTable(new StringReader(text), "t.csv", options);
        Preprocessing insisted = Preprocessing.Fit(table, new() { LabelsAreClasses = true });
        Assert.Equal(different, insisted.Apply<float>(table).Classes);
        Assert.Equal(
            different, CsvFiles.Parse<float>(new StringReader(text), "t.csv", options with { ClassNames = insisted.ClassNames }).Classes);

        // As the target of a regression it is taken as it is.
        if (kind is "prices" or "halves")
        {
            Dataset regression = CsvFiles.Parse<float>(
                new StringReader(text), "t.csv", options with { LabelColumn = null, TargetColumns = ["y"] });
            Assert.Equal((0, 1), (regression.Classes, regression.TargetWidth));
        }
    }

    [Fact]
    public void Label_of_validation_data_is_not_doubted()
    {
        string text = "x,y\n" + string.Concat(Enumerable.Range(0, 90).Select(row => $"{row},{row % 15}\n"));
        Preprocessing fitted = Preprocessing.Fit(CsvFiles.ParseTable(new StringReader(text), "t.csv", Options));
        string some = "x,y\n" + string.Concat(Enumerable.Range(0, 15).Select(row => $"{row},{row}\n"));
        Assert.Equal(15, fitted.Apply<float>(CsvFiles.ParseTable(new StringReader(some), "v.csv", Options)).Count);
    }

    [Fact]
    public void Table_with_other_separators_and_decimals_is_refused_with_the_option_that_says_so()
    {
        const string Text = "area;age;y\n10,5;3;a\n20,1;4;b\n";
        Assert.EndsWith("found area;age;y. CsvOptions.Separator says what stands between fields.", Refused(Options));
        Assert.EndsWith(
            "found '10,5'. CsvOptions.DecimalPoint says what stands before decimals, here '.'.", Refused(Options with { Separator = ';' }));
        CsvOptions right = Options with { Separator = ';', DecimalPoint = ',' };
        Assert.Equal(2, CsvFiles.Parse<float>(new StringReader(Text), "t.csv", right).Count);

        static string Refused(CsvOptions options) => Assert.Throws<InvalidDataException>(
            () => CsvFiles.Parse<float>(new StringReader(Text), "t.csv", options)).Message;
    }

    private static string LabelOf(string kind, int label) => kind switch
    {
        "digits" => label.ToString(CultureInfo.InvariantCulture),
        "halves" => (label / 2.0).ToString(CultureInfo.InvariantCulture),
        "prices" => (1000 + (37 * label)).ToString(CultureInfo.InvariantCulture),
        "commas" => $"{label},5",
        _ => $"name{label}",
    };
}
