using DeepLearn.Data;
using DeepLearn.Data.Csv;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Data.Tables;

public class PreprocessingTests
{
    private const string Training = "size,color,price,kind\n1,red,10,a\n?,blue,30,b\n3,,30,a\n8,red,50,b\n";

    private static readonly CsvOptions Options = new() { LabelColumn = "kind", CategoricalColumns = ["color"] };

    [Fact]
    public void Preprocessing_missing_values_are_refused_with_place_and_count()
    {
        string message = Assert.Throws<InvalidDataException>(() => Preprocessing.Fit(Read(Training))).Message;
        Assert.Equal(
            "t.csv, line 3, column 1 (size): a value is missing, as in 1 of 4 rows of this column. "
            + "PreprocessingOptions.MissingValues, for Preprocessing.Fit of a Table, fills them in or leaves such examples out.",
            message);
        message = Assert.Throws<InvalidDataException>(
            () => Preprocessing.Fit(Read(Training.Replace(",b\n", ",\n")), new() { MissingValues = MissingValues.Mean })).Message;
        Assert.StartsWith("t.csv, line 3, column 4 (kind): a value is missing, as in 2 of 4 rows", message);
    }

    [Theory]
    [InlineData(MissingValues.NaN, double.NaN, 0)]
    [InlineData(MissingValues.Mean, 4, 1)]
    [InlineData(MissingValues.Median, 3, 1)]
    [InlineData(MissingValues.MostFrequent, 1, 1)]
    public void Preprocessing_fills_in_missing_values_as_asked(MissingValues handling, double size, double red)
    {
        DenseDataset<double> data = Fit(handling).Apply<double>(Read(Training));
        Assert.Equal(["size", "color=blue", "color=red", "price"], data.Description.FeatureNames);
        Assert.Equal([1, 0, 1, 10, size, 1, 0, 30, 3, 0, red, 30, 8, 0, 1, 50], All(data));
        Assert.Equal([0, 1, 0, 1], data.Labels.ToArray());
    }

    [Fact]
    public void Preprocessing_drops_examples_with_missing_values()
    {
        DenseDataset<double> data = Fit(MissingValues.DropExample).Apply<double>(Read(Training.Replace("3,,30,a", "3,blue,30,")));
        Assert.Equal([1, 1, 10, 8, 1, 50], All(data));
        Assert.Equal([0, 1], data.Labels.ToArray());
    }

    [Fact]
    public void Preprocessing_statistics_are_those_of_the_training_set_alone()
    {
        Preprocessing fitted = Fit(MissingValues.Mean, standardizes: true);
        double[] found = All(fitted.Apply<double>(Read("price,kind,color,size,more\n30,b,red,?,1\n30,a,blue,1e6,2\n")));

        // Sizes 1, 4, 3, 8 with mean 4 and variance 26/4; prices 10, 30, 30, 50 with mean 30.
        double deviation = Math.Sqrt(26 / 4.0);
        double[] expected = [0, 0, 1, 0, (1e6 - 4) / deviation, 1, 0, 0];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-9 * (1 + expected[i]));
    }

    [Fact]
    public void Preprocessing_standardized_constant_column_is_exactly_zero()
    {
        Table table = Read("x,kind\n" + string.Concat(Enumerable.Repeat("2.23,a\n", 85)), new() { LabelColumn = "kind" });
        Preprocessing fitted = Preprocessing.Fit(table, new() { Standardizes = true });
        Assert.All(All(fitted.Apply<double>(table)), x => Assert.Equal(0, x));
    }

    [Fact]
    public void Preprocessing_of_ordinal_categories_gives_their_positions()
    {
        Table table = Read("grade\n10\n9\n-1\n10\n", new() { CategoricalColumns = ["grade"] });
        Assert.Equal([2, 1, 0, 2], All(Preprocessing.Fit(table, new() { Encoding = CategoryEncoding.Ordinal }).Apply<double>(table)));
    }

    [Fact]
    public void Preprocessing_unknown_category_label_and_column_are_named()
    {
        Preprocessing fitted = Fit(MissingValues.Mean);
        Assert.Equal(
            "t.csv, line 2, column 2 (color): expected one of the categories [blue, red], as in the training set; found 'green'.",
            Bad(fitted, "size,color,price,kind\n1,green,2,a\n"));
        Assert.Equal(
            "t.csv, line 2, column 4 (kind): expected one of the labels [a, b], as in the training set; found 'c'.",
            Bad(fitted, "size,color,price,kind\n1,red,2,c\n"));
        Assert.Equal("t.csv: expected a column 'price', found size, color, kind.", Bad(fitted, "size,color,kind\n1,red,a\n"));
        Preprocessing lenient = fitted with { UnknownCategories = UnknownCategories.AsNone };
        Assert.Equal([1, 0, 1, 2], All(lenient.Apply<double>(Read("size,color,price,kind\n1,green,2,a\n"))));
    }

    [Fact]
    public void Preprocessing_validation_file_with_fewer_classes_and_other_order_of_columns_keeps_class_numbers()
    {
        Preprocessing fitted = Preprocessing.Fit(Read("x,y,kind\n1,2,a\n3,4,b\n5,6,c\n", new() { LabelColumn = "kind" }));
        DenseDataset<double> data = fitted.Apply<double>(Read("y,kind,x\n20,c,10\n40,b,30\n", new() { LabelColumn = "kind" }));
        Assert.Equal([10, 20, 30, 40], All(data));
        Assert.Equal([2, 1], data.Labels.ToArray());
        Assert.Equal(3, data.Classes);
    }

    [Fact]
    public void Preprocessing_of_a_table_without_labels_gives_examples_for_prediction()
    {
        Table table = Read("size,color,price\n1,red,2\n", new() { CategoricalColumns = ["color"] });
        DenseDataset<double> data = Fit(MissingValues.Mean).Apply<double>(table);
        Assert.Equal(0, data.Classes);
        Assert.Equal([1, 0, 1, 2], All(data));
    }

    [Fact]
    public void Preprocessing_is_restored_from_its_JSON()
    {
        Preprocessing fitted = Fit(MissingValues.Median, standardizes: true) with { UnknownCategories = UnknownCategories.AsNone };
        Assert.Equal(fitted, Preprocessing.FromJson(fitted.ToJson()));
        Preprocessing other = Fit(MissingValues.NaN);
        Assert.Equal(other, Preprocessing.FromJson(other.ToJson()));
        Assert.NotEqual(fitted, other);
    }

    [Fact]
    public void Preprocessing_damaged_JSON_is_refused()
    {
        string json = Fit(MissingValues.Mean).ToJson();
        var random = new Random(1);
        for (int i = 0; i < 3000; i++)
        {
            char[] damaged = json.ToCharArray();
            damaged[random.Next(damaged.Length)] = "\"{}[]:,0-9x."[random.Next(12)];
            try
            {
                Preprocessing.FromJson(new string(damaged));
            }
            catch (InvalidDataException)
            {
                // As it should be; what is read has another name or number.
            }
        }
        Assert.Throws<InvalidDataException>(() => Preprocessing.FromJson("{}"));
        Assert.Throws<InvalidDataException>(() => Preprocessing.FromJson(json.Replace("preprocessing.1", "preprocessing.9")));
    }

    [Fact]
    public void Table_of_a_reader_of_ones_own_is_checked()
    {
        TableColumn x = TableColumn.OfNumbers("x", ColumnRole.Feature, 1, [1, double.NaN]);
        TableColumn kind = TableColumn.OfTexts("kind", ColumnRole.Label, 2, [0, TableColumn.None], ["a"]);
        var table = new Table("mine", [x, kind], [1, 2]);
        Assert.True(table.Columns[0].IsMissing(1) && table.Columns[1].IsMissing(1));
        Assert.Equal("a", table.Find("kind")!.TextAt(0));
        Assert.Contains("found 2 in x", Assert.Throws<ArgumentException>(() => new Table("mine", [x], [1])).Message);
        Assert.Contains("found x again", Assert.Throws<ArgumentException>(() => new Table("mine", [x, x], [1, 2])).Message);
        Assert.Contains(
            "found 1", Assert.Throws<ArgumentException>(() => TableColumn.OfTexts("k", ColumnRole.Feature, 1, [1], ["a"])).Message);
        Assert.Contains(
            "row 0", Assert.Throws<ArgumentException>(() => TableColumn.OfNumbers("x", ColumnRole.Feature, 1, [1 / 0.0])).Message);
    }

    [Theory]
    [InlineData("x,kind\n20000001,a\n20000002,b\n", "kind", "column 1 (x)")]
    [InlineData("x,kind\n1,20000001\n2,20000002\n", null, "column 2 (kind)")]
    public void Preprocessing_numbers_that_a_training_set_would_merge_are_refused(string text, string? label, string column)
    {
        Table table = Read(text, new() { LabelColumn = label, TargetColumns = label is null ? ["kind"] : [] });
        Preprocessing fitted = Preprocessing.Fit(table);
        Assert.Contains($"{column}: its numbers, from 20000001 to 20000002, are so close together that float would merge them",
            Assert.Throws<InvalidDataException>(() => fitted.Apply<float>(table)).Message);
        Assert.Equal(2, fitted.Apply<double>(table).Count);

        // To predict from.
        Assert.Equal(2, fitted.Apply<float>(Read("x\n20000001\n20000002\n", new())).Count);
    }

    [Fact]
    public void Table_Split_puts_every_row_into_exactly_one_part()
    {
        Table table = Read("x\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"{i}\n")), new());
        (Table training, Table validation) = table.Split(12, RandomKey.FromSeed(3));
        Assert.Equal((38, 12), (training.Count, validation.Count));
        double[] all = [.. training.Columns[0].Numbers, .. validation.Columns[0].Numbers];
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (double)i), all.Order());
        Assert.All(Enumerable.Range(0, 12), i => Assert.Equal(validation.Columns[0].Numbers[i] + 2, validation.LineOf(i)));
    }

    private static Preprocessing Fit(MissingValues handling, bool standardizes = false) =>
        Preprocessing.Fit(Read(Training), new() { MissingValues = handling, Standardizes = standardizes });

    private static Table Read(string text, CsvOptions? options = null) =>
        CsvFiles.ParseTable(new StringReader(text), "t.csv", options ?? Options, TestContext.Current.CancellationToken);

    private static string Bad(Preprocessing fitted, string text) =>
        Assert.Throws<InvalidDataException>(() => fitted.Apply<double>(Read(text))).Message;

    private static double[] All(Dataset data)
    {
        var all = new Matrix<double>(data.Count, data.ExampleShape.Count);
        data.GatherRange(0, null, all.View);
        return all.AsSpan().ToArray();
    }
}
