using System.Globalization;
using DeepLearn.Data;
using DeepLearn.Data.Csv;
using DeepLearn.Data.Tables;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Data.Csv;

public class CsvFilesTests
{
    private static readonly CsvOptions Labeled = new() { LabelColumn = "kind" };

    [Fact]
    public void CsvFiles_finds_labels_targets_and_features_and_leaves_out_ignored_columns()
    {
        DenseDataset<double> data = Parse(
            "a,kind,b,note,price\r\n1.5,red,-2e3,\"x, \"\"y\"\"\r\nz\",9\r\n\r\n\"3\",blue, 4 ,,8.25\n",
            new() { LabelIndex = 1, TargetColumns = ["price"], IgnoredColumns = ["note"] });
        Assert.Equal(["a", "b"], data.Description.FeatureNames);
        Assert.Equal(["blue", "red"], data.Description.ClassNames);
        Assert.Equal([1, 0], data.Labels.ToArray());
        Assert.Equal([1.5f, -2000, 3, 4], SmallData.All(data));
        var targets = new Matrix<double>(2, 1);
        data.GatherTargets([0, 1], targets.View);
        Assert.Equal([9, 8.25], targets.AsSpan().ToArray());
    }

    [Fact]
    public void CsvFiles_labels_that_are_numbers_are_ordered_as_numbers()
    {
        DenseDataset<double> data = Parse("x,kind\n0,10\n0,9\n0,-1\n0,10\n", new() { LabelIndex = ^1 });
        Assert.Equal(["-1", "9", "10"], data.Description.ClassNames);
        Assert.Equal([2, 1, 0, 2], data.Labels.ToArray());
        Assert.Equal(["10", "9", "a"], Parse("x,kind\n0,10\n0,9\n0,a\n", Labeled).Description.ClassNames);
    }

    [Fact]
    public void CsvFiles_given_class_names_set_the_order_and_refuse_others()
    {
        CsvOptions options = Labeled with { ClassNames = ["red", "green", "blue"] };
        Assert.Equal([2, 0], Parse("x,kind\n0,blue\n0,red\n", options).Labels.ToArray());
        Assert.Contains(
            "t.csv, line 3, column 2 (kind): expected one of the labels [red, green, blue], as in the training set; found 'pink'.",
            Bad("x,kind\n0,blue\n0,pink\n", options));
    }

    [Fact]
    public void CsvFiles_ignores_the_culture_of_the_machine()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            strange.NumberFormat.NumberDecimalSeparator = ",";
            strange.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = strange;
            Assert.Equal([-1.25f], SmallData.All(Parse("x\n-1.25\n", new())));
            Assert.Equal([-1.25f], SmallData.All(Parse("x;y\n-1.25;1\n", new() { Separator = ';', TargetColumns = ["y"] })));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Property(MaxTest = 60)]
    public Property CsvFiles_reads_back_numbers_written_with_any_quotes_and_line_ends() => Prop.ForAll(
        (from rows in Gen.Choose(0, 12)
         from values in Gen.ArrayOf(Gen.Choose(-1_000_000, 1_000_000).Select(i => i / 1024.0), rows * 3)
         from quoted in Gen.Elements(true, false)
         from line in Gen.Elements("\n", "\r\n", "\r")
         from isEnded in Gen.Elements(true, false)
         select (rows, values, quoted, line, isEnded)).ToArbitrary(),
        test =>
        {
            string Field(double value)
            {
                string text = value.ToString("R", CultureInfo.InvariantCulture);
                return test.quoted ? $"\"{text}\"" : text;
            }
            IEnumerable<string> lines = test.values.Chunk(3).Select(row => string.Join(',', row.Select(Field)));
            string text = string.Join(test.line, lines.Prepend("a,b,c")) + (test.isEnded ? test.line : "");
            var rows = new Matrix<double>(test.rows, 3);
            DenseDataset<double> data = Parse(text, new());
            Assert.Equal(test.rows, data.Count);
            data.GatherRange(0, null, rows.View);
            Assert.Equal(test.values, rows.AsSpan().ToArray());
        });

    [Theory]
    [InlineData("", "t.csv, line 1: expected a header, found nothing.")]
    [InlineData("\uFEFF", "t.csv, line 1: expected a header, found nothing.")]
    [InlineData(
        "x,kind\n1,\n",
        "t.csv, line 2, column 2 (kind): a value is missing, as in 1 of 1 rows of this column. "
        + "Labels and targets are not filled in; PreprocessingOptions.MissingValues = DropExample, for Preprocessing.Fit of a Table, "
        + "leaves such examples out.")]
    [InlineData(
        "x,kind\n1,\"  \"\n",
        "t.csv, line 2, column 2 (kind): a value is missing, as in 1 of 1 rows of this column. "
        + "Labels and targets are not filled in; PreprocessingOptions.MissingValues = DropExample, for Preprocessing.Fit of a Table, "
        + "leaves such examples out.")]
    [InlineData("\n\n", "t.csv, line 1: expected a header, found nothing.")]
    [InlineData("x,y\n1,2\n", "t.csv, line 1: expected a column 'kind', found x, y.")]
    [InlineData(
        "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,Kind\n",
        "t.csv, line 1: expected a column 'kind', found a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t "
        + "and 2 more, 'Kind' among them.")]
    [InlineData("kind,kind\n1,2\n", "t.csv, line 1: expected one column 'kind', found it at 1 and 2.")]
    [InlineData("x,x,kind\n1,2,a\n", "t.csv, line 1: expected one column 'x', found it at 1 and 2.")]
    [InlineData("kind\na\n", "t.csv, line 1: expected at least one column of features, found none among 1.")]
    [InlineData("x,kind\n1,a\n2\n", "t.csv, line 3: expected 2 fields, as in the header; found 1.")]
    [InlineData("x,kind\n1,a\n\n\n2,b,3\n", "t.csv, line 5: expected 2 fields, as in the header; found 3.")]
    [InlineData(
        "x,kind\r\n1,a\r\nfoo,b\r\n",
        "t.csv, line 3, column 1 (x): expected a finite number, found 'foo'. "
        + "Columns of text are named in LabelColumn, CategoricalColumns or IgnoredColumns.")]
    [InlineData(
        "x,kind\r1,\"a\r\n\"\rfoo,b",
        "t.csv, line 4, column 1 (x): expected a finite number, found 'foo'. "
        + "Columns of text are named in LabelColumn, CategoricalColumns or IgnoredColumns.")]
    [InlineData(
        "x,kind\n1,a\nfoo,b\n",
        "t.csv, line 3, column 1 (x): expected a finite number, found 'foo'. "
        + "Columns of text are named in LabelColumn, CategoricalColumns or IgnoredColumns.")]
    [InlineData(
        "x,kind\n,a\n",
        "t.csv, line 2, column 1 (x): a value is missing, as in 1 of 1 rows of this column. "
        + "PreprocessingOptions.MissingValues, for Preprocessing.Fit of a Table, fills them in or leaves such examples out.")]
    [InlineData(
        "x,kind\n1e999,a\n",
        "t.csv, line 2, column 1 (x): expected a finite number, found '1e999'. "
        + "Columns of text are named in LabelColumn, CategoricalColumns or IgnoredColumns.")]
    [InlineData(
        "x,kind\nNaN,a\n",
        "t.csv, line 2, column 1 (x): a value is missing, as in 1 of 1 rows of this column. "
        + "PreprocessingOptions.MissingValues, for Preprocessing.Fit of a Table, fills them in or leaves such examples out.")]
    [InlineData(
        "x,kind\n\"1,5\",a\n",
        "t.csv, line 2, column 1 (x): expected a finite number, found '1,5'. "
        + "CsvOptions.DecimalPoint says what stands before decimals, here '.'.")]
    [InlineData(
        "x,kind\n\"1,500\",a\n",
        "t.csv, line 2, column 1 (x): expected a finite number, found '1,500'. "
        + "CsvOptions.DecimalPoint says what stands before decimals, here '.'. Marks between thousands are not read: take them out.")]
    [InlineData(
        "x,kind\n\"0,125\",a\n",
        "t.csv, line 2, column 1 (x): expected a finite number, found '0,125'. "
        + "CsvOptions.DecimalPoint says what stands before decimals, here '.'.")]
    [InlineData("x,kind\n1,\"a\n\n", "t.csv, line 4, column 2: a closing quote is missing for the one opened on line 2.")]
    [InlineData(
        "x,kind\n\"1\"2,a\n", "t.csv, line 2, column 1: expected a separator or the end of the line after a closing quote, found '2'.")]
    [InlineData("x,kind\n1,a\"b\n", "t.csv, line 2, column 2: a quote inside a field that is not quoted.")]
    public void CsvFiles_bad_input_is_refused_with_line_and_column(string text, string message) =>
        Assert.Equal(message, Bad(text, Labeled));

    [Fact]
    public void CsvFiles_options_that_contradict_each_other_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Parse("x,kind\n", Labeled with { LabelIndex = 1 }));
        Assert.Throws<ArgumentException>(() => Parse("x,kind\n", Labeled with { Separator = '"' }));
        Assert.Throws<ArgumentException>(() => Parse("x,kind\n", Labeled with { IgnoredColumns = ["kind"] }));
        Assert.Throws<ArgumentException>(() => Parse("x,y,kind\n", Labeled with { IgnoredColumns = ["y", "y"] }));
        Assert.Throws<ArgumentException>(() => Parse("x,kind\n", Labeled with { ClassNames = ["a", "a"] }));
        Assert.Contains("expected a label in column 2 (from 0), found 2 columns", Bad("x,kind\n", new() { LabelIndex = 2 }));
    }

    [Theory]
    [InlineData("1.5,2\n3,4\n")]
    [InlineData("-1e3\n")]
    [InlineData("1,\"2\"\r\n3,4")]
    public void CsvFiles_first_line_of_numbers_is_not_taken_for_a_header(string text)
    {
        Assert.StartsWith("t.csv, line 1: expected a header, found the number '", Bad(text, new()));
        Assert.StartsWith("t.csv, line 1: expected a header, found the number '", Bad(text, new() { LabelIndex = 0 }));
        DenseDataset<double> data = Parse(text, new() { HasNumericNames = true });
        Assert.Equal(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1, data.Count);
    }

    [Theory]
    [InlineData("?,a\n1.5,b\n", "?", 1)]
    [InlineData("x,NA\n1.5,b\n", "NA", 2)]
    public void CsvFiles_first_line_with_a_missing_value_is_not_taken_for_a_header(string text, string found, int column)
    {
        string message = Bad(text, new() { LabelIndex = ^1 });
        Assert.StartsWith($"t.csv, line 1: expected a header, found a missing value, '{found}' in column {column}.", message);
        Assert.Equal(1, Parse(text, new() { LabelIndex = ^1, HasNumericNames = true }).Count);
        Assert.Equal(1, Parse(text, new() { LabelIndex = ^1, MissingTexts = [""] }).Count);
    }

    [Fact]
    public void CsvFiles_table_of_numbers_is_read_in_little_more_memory_than_it_has()
    {
        const int Rows = 100_000, Columns = 4;
        string path = Path.Combine(Path.GetTempPath(), $"deeplearn-{Guid.NewGuid():N}.csv");
        try
        {
            IEnumerable<string> rows = Enumerable.Range(0, Rows).Select(i => $"{(i % 90) + 10},0.25,{i % 7}.5,{i % 1000}\n");
            File.WriteAllText(path, "a,b,c,d\n" + string.Concat(rows));
            CsvFiles.ReadTable(path, new(), TestContext.Current.CancellationToken);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Table table = CsvFiles.ReadTable(path, new(), TestContext.Current.CancellationToken);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(Rows, table.Count);
            Assert.Equal([.. Enumerable.Range(0, Rows).Select(i => (double)(i % 1000))], table.Find("d")!.Numbers.ToArray());

            // The numbers and the lines once, and what the numbers of lines take while they are read.
            const int Kept = (Columns * sizeof(double)) + (2 * sizeof(int));
            Assert.InRange(allocated, Rows * Columns * sizeof(double), (long)(Rows * Kept * 1.1) + 1_000_000);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void CsvFiles_without_header_read_the_first_example_too()
    {
        // The form of the UCI repository's iris.data.
        const string Iris = "5.1,3.5,Iris-setosa\n7.0,3.2,Iris-versicolor\n6.3,3.3,Iris-virginica\n\n";
        string message = Bad(Iris, new() { LabelIndex = ^1 });
        Assert.StartsWith("t.csv, line 1: expected a header, found the number '5.1' in column 1.", message);
        DenseDataset<double> data = Parse(Iris, new() { HasHeader = false, LabelIndex = ^1 });
        Assert.Equal(3, data.Count);
        Assert.Equal([5.1f, 3.5f, 7, 3.2f, 6.3f, 3.3f], SmallData.All(data));
        Assert.Equal(["column1", "column2"], data.Description.FeatureNames);
        data = Parse(Iris, new() { HasHeader = false, ColumnNames = ["length", "width", "kind"], LabelColumn = "kind" });
        Assert.Equal(["length", "width"], data.Description.FeatureNames);
        Assert.Equal(["Iris-setosa", "Iris-versicolor", "Iris-virginica"], data.Description.ClassNames);
        Assert.Contains("expected 2 fields, as there are names", Bad(Iris, new() { HasHeader = false, ColumnNames = ["a", "b"] }));
    }

    [Fact]
    public void CsvFiles_unnamed_first_column_that_counts_rows_is_no_feature()
    {
        Assert.Equal(["x"], Parse(",x,kind\n0,5,a\n1,6,b\n", Labeled).Description.FeatureNames);
        Assert.Equal([5f, 6], SmallData.All(Parse("\"\",x,kind\n1,5,a\n2,6,b\n", Labeled)));
        Assert.Contains(
            "line 3, column 1: the column has no name and does not count the rows, found '7'", Bad(",x,kind\n0,5,a\n7,6,b\n", Labeled));
        Assert.Contains("expected a name for column 2", Bad("x,,kind\n1,2,a\n", Labeled));
    }

    [Fact]
    public void CsvFiles_blanks_around_quotes_and_fields_are_passed_over()
    {
        DenseDataset<double> data = Parse("x , \"the kind\" \n 1 ,\t\"a, \"\"b\"\"\" \n\"2\" , c \n", new() { LabelColumn = "the kind" });
        Assert.Equal(["a, \"b\"", "c"], data.Description.ClassNames);
        Assert.Equal([1f, 2], SmallData.All(data));
        data = Parse("x\tkind\n1\t\"a\"\n2\tb\n", Labeled with { Separator = '\t' });
        Assert.Equal(["a", "b"], data.Description.ClassNames);
    }

    [Fact]
    public void CsvFiles_records_longer_than_a_block_are_whole()
    {
        string text = new('a', 200_000), more = new('b', 70_000);
        DenseDataset<double> data = Parse($"x,kind\n1,{text}\n2,\"{more}\n\"\n", Labeled);
        Assert.Equal([text, more], data.Description.ClassNames);
    }

    [Fact]
    public void CsvFiles_header_alone_is_a_data_set_without_examples()
    {
        Assert.Equal(0, Parse("x,y\n", new()).Count);
        DenseDataset<double> data = Parse("x,kind\n", Labeled);
        Assert.Equal((0, 0), (data.Count, data.Classes));
        data = Parse("x,kind\n", Labeled with { ClassNames = ["a", "b"] });
        Assert.Equal((0, 2), (data.Count, data.Classes));
        Assert.Equal(0, Parse("x,y\n", new() { TargetColumns = ["y"] }).Count);
    }

    [Fact]
    public void CsvFiles_bytes_that_are_not_UTF8_are_refused()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [(byte)'x', (byte)'\n', 0xC3, 0x28, (byte)'\n']);
            string message = Assert.Throws<InvalidDataException>(
                () => CsvFiles.Load<float>(path, new(), TestContext.Current.CancellationToken)).Message;
            Assert.Equal($"{path}: expected a text in UTF-8; found bytes that are none.", message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void CsvFiles_reads_files_with_or_without_a_byte_order_mark()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "x,kind\n1,ä\n", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            DenseDataset<float> data = CsvFiles.Load<float>(path, Labeled, TestContext.Current.CancellationToken);
            Assert.Equal(["ä"], data.Description.ClassNames);
            Assert.Equal(["x"], data.Description.FeatureNames);
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Throws<FileNotFoundException>(() => CsvFiles.Load<float>(path, Labeled, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void CsvFiles_reads_separators_and_decimal_commas_of_spreadsheets()
    {
        foreach (char separator in ";\t|")
        {
            CsvOptions options = Labeled with { Separator = separator, DecimalPoint = ',' };
            string text = "x;y;kind\n1,5;-2;a, b\n\"3,25\"; 1e2 ;c\n".Replace(';', separator);
            DenseDataset<double> data = Parse(text, options);
            Assert.Equal([1.5f, -2, 3.25f, 100], SmallData.All(data));
            Assert.Equal(["a, b", "c"], data.Description.ClassNames);
            Assert.Contains("expected a finite number, found '1.5'", Bad(text.Replace("1,5", "1.5"), options));
        }
        Assert.Throws<ArgumentException>(() => Parse("x,kind\n1,a\n", Labeled with { DecimalPoint = ',' }));
        Assert.Throws<ArgumentException>(() => Parse("x,kind\n1,a\n", Labeled with { DecimalPoint = '\'' }));
    }

    [Fact]
    public void CsvFiles_text_that_stands_for_a_missing_value_may_be_a_number()
    {
        CsvOptions options = Labeled with { MissingTexts = ["", "-999"] };
        string message = Bad("x,kind\n1,a\n-999,b\n", options);
        Assert.Contains("line 3, column 1 (x): a value is missing, as in 1 of 2 rows", message);
        Assert.Equal([1f, -999.5f], SmallData.All(Parse("x,kind\n1,a\n-999.5,b\n", options)));
    }

    [Fact]
    public void CsvFiles_ignored_columns_may_hold_anything()
    {
        DenseDataset<double> data = Parse(
            "note,x,kind\nNaN,1,a\n\"free; text, \"\"quoted\"\"\",2,b\n,3,b\n", Labeled with { IgnoredColumns = ["note"] });
        Assert.Equal(["x"], data.Description.FeatureNames);
        Assert.Equal([1f, 2, 3], SmallData.All(data));
    }

    [Theory]
    [InlineData("utf-16", true, "UTF-16")]
    [InlineData("utf-16", false, "UTF-16")]
    [InlineData("utf-16BE", true, "UTF-16")]
    [InlineData("utf-16BE", false, "UTF-16")]
    [InlineData("utf-32", true, "UTF-32")]
    [InlineData("utf-32BE", false, "UTF-32")]
    public void CsvFiles_text_of_another_encoding_is_refused_by_its_name(string encoding, bool hasMark, string name)
    {
        string path = Path.GetTempFileName();
        try
        {
            var of = System.Text.Encoding.GetEncoding(encoding);
            File.WriteAllBytes(path, [.. hasMark ? of.GetPreamble() : [], .. of.GetBytes("x,kind\n1,a\n")]);
            string message = Assert.Throws<InvalidDataException>(() => CsvFiles.Load<float>(path, Labeled)).Message;
            Assert.Equal($"{path}: expected a text in UTF-8; found {name}, as its first bytes say. Save it as UTF-8 text.", message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static DenseDataset<double> Parse(string text, CsvOptions options) =>
        CsvFiles.Parse<double>(new StringReader(text), "t.csv", options, TestContext.Current.CancellationToken);

    private static string Bad(string text, CsvOptions options) => Assert.Throws<InvalidDataException>(() => Parse(text, options)).Message;
}
