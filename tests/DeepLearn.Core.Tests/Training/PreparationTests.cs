using System.Globalization;
using DeepLearn.Data;
using DeepLearn.Data.Csv;
using DeepLearn.Data.Tables;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Tests.Data;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>How a table became examples goes with the data set, onto the card of the model, and is not mixed up with another way.</summary>
public sealed class PreparationTests : IDisposable
{
    private const string Text = "size,color,kind\n10,red,a\n20,blue,b\n30,red,b\n14,blue,a\n";

    private static readonly CsvOptions Options = new() { LabelColumn = "kind", CategoricalColumns = ["color"] };
    private static readonly TrainingPlan Plan = new() { Schedule = 0.1, Length = TrainingLength.Steps(20) };

    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-preparation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Trainer_puts_the_preprocessing_onto_the_card_so_that_a_file_predicts_from_raw_values()
    {
        Table table = Read(Text);
        Preprocessing preprocessing = Preprocessing.Fit(table, new() { Standardizes = true, MissingValues = MissingValues.Mean });
        Dataset training = preprocessing.Apply<float>(table).Subset([0, 1, 2, 3]);
        Model<float> model = Train(training);
        Assert.Equal(preprocessing, model.Card.Preprocessing);
        string path = Path.Combine(_folder, "model.safetensors");
        model.Save(path);
        Predictor<float> predictor = Predictor.Load<float>(path);
        Matrix<float> expected = model.Predict(SmallData.Rows(training));
        Prediction[] found = predictor.Predict(Read("color,size\nred,10\nblue,20\n", Options with { LabelColumn = null }));
        for (int i = 0; i < found.Length; i++)
            Assert.Equal(Softmax(expected.Row(i))[found[i].Label], found[i].Probability!.Value, 1e-6);
        Assert.Equal(found[0].Probability, predictor.Predict(("size", 10), ("color", "red")).Probability);
    }

    [Fact]
    public void Trainer_Measure_takes_the_usual_measures_with_the_scalings_of_the_plan()
    {
        var rows = new float[12, 1];
        var targets = new float[12, 1];
        for (int i = 0; i < 12; i++)
            (rows[i, 0], targets[i, 0]) = (100 + i, 5000 + (250 * i));
        Dataset data = DenseDataset<float>.FromArray(rows, targets);
        TrainingPlan plan = Plan with
        {
            Loss = new MeanSquaredError(),
            Length = TrainingLength.Steps(300),
            Normalization = Normalization.PerFeature(data),
            TargetScaling = Normalization.OfTargets(data),
        };
        Model<float> model = new Dense(1).Build<float>(1, 1);
        using var trainer = new Trainer<float>(model, plan, data, data);
        Assert.True(trainer.Measure(data)["R²"] < 0.5);
        trainer.Run();
        Evaluation measured = trainer.Measure(data.Take(6));
        Assert.True(measured["R²"] > 0.999, measured.ToString());
        Assert.Equal(6, measured.Examples);
        Assert.Null(measured.Accuracy);

        // The same of a model that was loaded: what it needs stands on its card.
        string path = Path.Combine(_folder, "line.safetensors");
        model.Save(path);
        Model<float> loaded = Model.Load<float>(path);
        Evaluator<float> evaluator = Evaluator<float>.Of(loaded, new MeanSquaredError(), data.Description);
        Assert.Equal(measured["R²"], evaluator.MeasureUsual(data.Take(6))["R²"]);
        Assert.Equal(measured.Loss, evaluator.Evaluate(data.Take(6)).Loss);

        // A measure that knows no weights is left out, where all others are taken.
        Dataset weighted = data.WithWeights([.. Enumerable.Range(0, 12).Select(i => i % 2.0)]);
        Assert.Contains("R²", trainer.Measure(weighted).Metrics.Select(metric => metric.Name));
        Assert.Throws<ArgumentException>(() => trainer.Measure(data.Take(0)));
    }

    [Fact]
    public void Predictor_of_a_checkpoint_is_refused_and_says_how_to_get_a_model()
    {
        Dataset data = DenseDataset<float>.FromArray(new float[,] { { 1 }, { 2 } }, [0, 1], 2);
        string checkpoint = Path.Combine(_folder, "run.checkpoint"), file = Path.Combine(_folder, "saved.safetensors");
        Model<float> model = new Dense(2).Build<float>(1, 1);
        using (var trainer = new Trainer<float>(model, Plan, data) { Checkpointing = new(checkpoint) })
            trainer.Run();
        Action[] loads =
        [
            () => Predictor.Load<float>(checkpoint), () => Model.Load<float>(checkpoint), () => model.Load(checkpoint),
            () => ModelFile.ReadContent(checkpoint), () => model.LoadWeights(checkpoint),
            () => model.LoadWeights(checkpoint, new() { SkipsMissing = true }),
        ];
        foreach (Action load in loads)
        {
            string message = Assert.Throws<InvalidDataException>(load).Message;
            Assert.Contains("run.checkpoint", message);
            Assert.Contains("is a checkpoint of a training run, not a saved model", message);
            Assert.Contains("TryResume", message);
            Assert.Contains("trainer.Model.Save(path)", message);
        }

        // And the other way round.
        model.Save(file);
        using var other = new Trainer<float>(new Dense(2).Build<float>(1, 1), Plan, data) { Checkpointing = new(file) };
        Assert.Contains("a saved model, which Model.Load reads", Assert.Throws<InvalidDataException>(() => other.TryResume()).Message);
    }

    [Fact]
    public void Trainer_keeps_a_preprocessing_of_the_callers_that_makes_the_same_features()
    {
        Table table = Read(Text);
        Preprocessing preprocessing = Preprocessing.Fit(table);
        Preprocessing lenient = preprocessing with { UnknownCategories = UnknownCategories.AsNone };
        Dataset training = preprocessing.Apply<float>(table);
        Model<float> model = new Dense(2).Build<float>(training.ExampleShape, 1);
        model.Card = model.Card with { Preprocessing = lenient };
        Train(training, model);
        Assert.Equal(lenient, model.Card.Preprocessing);

        Preprocessing other = Preprocessing.Fit(table, new() { Standardizes = true });
        Dataset otherwise = other.Apply<float>(table);
        Assert.Contains("another preprocessing of a table", Assert.Throws<ArgumentException>(() => Train(otherwise, model)).Message);
        model.Card = ModelCard.Empty;
        Train(otherwise, model);
        Assert.Equal(other, model.Card.Preprocessing);
    }

    [Fact]
    public void Trained_model_is_neither_trained_nor_measured_on_what_means_something_else_than_its_card()
    {
        Table table = Read(Text);
        Preprocessing preprocessing = Preprocessing.Fit(table);
        Dataset training = preprocessing.Apply<float>(table);
        Normalization normalization = Normalization.PerFeature(training);
        Model<float> model = new Dense(2).Build<float>(training.ExampleShape, 1);
        TrainingPlan plan = Plan with { Normalization = normalization };
        using (var trainer = new Trainer<float>(model, plan, training))
            trainer.Run(cancellationToken: TestContext.Current.CancellationToken);

        Refuses("the plan has no Normalization", () => new Trainer<float>(model, Plan, training));
        TrainingPlan newer = Plan with { Normalization = Normalization.PerFeature(training.Take(2)) };
        Refuses("the plan has another Normalization", () => new Trainer<float>(model, newer, training));
        Dataset otherwise = Preprocessing.Fit(table, new() { Standardizes = true }).Apply<float>(table);
        Refuses("another preprocessing of a table", () => new Trainer<float>(model, plan, otherwise));
        Refuses("another preprocessing of a table", () => Evaluator<float>.Of(model, plan.Loss, otherwise.Description));
        DatasetDescription unknown = training.Description with { Preparation = null };
        Refuses(
            "knows " + training.Description.ClassNames[0] + " as class 0",
            () => Evaluator<float>.Of(model, plan.Loss, unknown with { ClassNames = ["z", .. unknown.ClassNames.Skip(1)] }));
        Refuses(
            "knows " + training.Description.FeatureNames[0] + " as feature 0",
            () => Evaluator<float>.Of(model, plan.Loss, unknown with { FeatureNames = ["z", .. unknown.FeatureNames.Skip(1)] }));
        Assert.NotNull(Evaluator<float>.Of(model, plan.Loss, unknown));

        static void Refuses(string part, Func<object> make) =>
            Assert.Contains(part, Assert.Throws<ArgumentException>(make).Message);
    }

    [Fact]
    public void Trained_model_is_not_given_examples_that_were_prepared_in_another_way()
    {
        Dataset small = Cropped(2), large = Cropped(3);
        Model<float> model = new Dense(2).Build<float>(small.ExampleShape, 1);
        Train(small, model);
        Func<object>[] uses =
        [
            () => new Trainer<float>(model, Plan, large), () => Evaluator<float>.Of(model, Plan.Loss, large.Description),
            () => new Predictor<float>(model).Predict(large),
        ];
        foreach (Func<object> use in uses)
        {
            string message = Assert.Throws<ArgumentException>(use).Message;
            Assert.Contains("the model knows examples of the crop 2", message);
            Assert.Contains("was made by 3", message);
        }
        Assert.Equal(4, new Predictor<float>(model).Predict(small).Length);

        static Dataset Cropped(int size) => new ByteDataset(
            new byte[4 * 5], [0, 1, 0, 1], new(5) { Classes = 2, Preparation = new Crop(size) });
    }

    [Fact]
    public void Trained_model_of_planar_images_is_not_trained_on_turned_ones()
    {
        var planar = new ByteDataset(
            new byte[4 * 3 * 2 * 2], [0, 1, 0, 1], new(new Shape(3, 2, 2)) { Classes = 2, Order = PixelOrder.Planar });
        Model<float> model = new Dense(2).Build<float>(planar.ExampleShape, 1);
        Train(planar, model);
        Dataset turned = planar.InOrder(PixelOrder.ChannelsLast);
        Assert.Contains(
            "knows pixels in the order Planar; the training set has ChannelsLast",
            Assert.Throws<ArgumentException>(() => Train(turned, model)).Message);
    }

    [Fact]
    public void Trainer_names_the_targets_on_the_card()
    {
        var options = new CsvOptions { TargetColumns = ["price"] };
        DenseDataset<float> data = CsvFiles.Parse<float>(
            new StringReader("x,price\n1,2\n2,4\n"), "t.csv", options, TestContext.Current.CancellationToken);
        Model<float> model = new Dense(1).Build<float>(1, 1);
        using var trainer = new Trainer<float>(model, Plan with { Loss = new MeanSquaredError() }, data);
        trainer.Run(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["price"], model.Card.TargetNames);
    }

    [Fact]
    public void Validation_set_that_was_prepared_by_itself_is_refused()
    {
        Table table = Read(Text), later = Read("size,color,kind\n100,red,a\n220,blue,b\n");
        var options = new PreprocessingOptions { Standardizes = true };
        Dataset training = Preprocessing.Fit(table, options).Apply<float>(table);
        Dataset wrong = Preprocessing.Fit(later, options).Apply<float>(later);
        Dataset right = Preprocessing.Fit(table, options).Apply<float>(later);
        Model<float> model = new Dense(2).Build<float>(training.ExampleShape, 1);
        string message = Assert.Throws<ArgumentException>(() => new Trainer<float>(model, Plan, training, wrong)).Message;
        Assert.Contains("to be prepared as the training set was; found another preprocessing of a table", message);
        Assert.Throws<ArgumentException>(() => Dataset.Concatenate(training, wrong));
        Assert.Throws<ArgumentException>(() => wrong.AlignedTo(training.Description));
        Assert.Throws<ArgumentException>(() => new DatasetCollection("both", training, wrong));
        using var trainer = new Trainer<float>(model, Plan, training, right);
    }

    [Fact]
    public void Files_that_are_read_by_themselves_are_matched_in_whatever_order_their_columns_are()
    {
        Dataset training = Load("size,weight,kind\n10,1,a\n20,2,b\n"), later = Load("weight,size,kind\n3,30,b\n");
        Model<float> model = new Dense(2).Build<float>(2, 1);
        Assert.Contains("AlignedTo", Assert.Throws<ArgumentException>(() => new Trainer<float>(model, Plan, training, later)).Message);
        Dataset aligned = later.AlignedTo(training.Description);
        Assert.Equal([30f, 3f], SmallData.Rows(aligned).AsSpan().ToArray());
        using var trainer = new Trainer<float>(model, Plan, training, aligned);
        trainer.Run(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["size", "weight"], model.Card.Preprocessing!.FeatureNames);

        static Dataset Load(string text) => CsvFiles.Parse<float>(
            new StringReader(text), "t.csv", new() { LabelColumn = "kind" }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Predictor_refuses_examples_of_another_preprocessing_than_its_card()
    {
        Table table = Read(Text);
        Model<float> model = Train(Preprocessing.Fit(table, new() { Standardizes = true }).Apply<float>(table));
        var predictor = new Predictor<float>(model);
        Dataset raw = Preprocessing.Fit(table).Apply<float>(table);
        Assert.Contains("Give the table itself", Assert.Throws<ArgumentException>(() =>
            predictor.Predict(raw, TestContext.Current.CancellationToken)).Message);
        Assert.Equal(4, predictor.Predict(model.Card.Preprocessing!.Apply<float>(table), TestContext.Current.CancellationToken).Length);
    }

    [Fact]
    public void Numbers_beyond_the_range_of_float_are_refused_by_name()
    {
        Refuses("x,y,price\n1,2,3\n1,1e300,4\n", "t.csv, line 3, column 2 (y): the number 1E+300 is beyond the range of float");
        Refuses("x,y,price\n1,2,3\n1,2,-1e39\n", "t.csv, line 3, column 3 (price): the number -1E+39 is beyond the range of float");
        string message = Assert.Throws<InvalidDataException>(() => Dataset.FromArray<float>(
            NumericArray.Of<double>([1, 2, 3, 1e300], 2, 2))).Message;
        Assert.Contains("beyond the range of float", message);
    }

    [Fact]
    public void Numbers_that_float_would_merge_are_refused_and_learned_from_at_double()
    {
        // Seconds since 1970 within a quarter of an hour: float holds every 128th.
        double[] times = [.. Enumerable.Range(0, 50).Select(i => 1.7e9 + (i * 41 % 1000))];
        string text = "time,price\n" + string.Concat(times.Select(time =>
            string.Create(CultureInfo.InvariantCulture, $"{time:r},{time - 1.6999e9:r}\n")));
        Refuses(text, "t.csv, column 1 (time): its numbers, from 1700000000 to");
        Refuses(text.Replace("time,price", "price,time", StringComparison.Ordinal), "t.csv, column 1 (price): its numbers");
        Assert.Contains("column 0: its numbers", Assert.Throws<InvalidDataException>(() =>
            Dataset.FromArray<float>(NumericArray.Of<double>(times, 50, 1))).Message);
        Assert.Contains("column 0: its numbers", Assert.Throws<InvalidDataException>(() =>
            Dataset.FromArray<float>(NumericArray.Of<long>([.. times.Select(time => (long)time)], 50, 1))).Message);
        Assert.Contains("column 0: its numbers", Assert.Throws<InvalidDataException>(() => Dataset.FromArrays<float>(
            NumericArray.Of<float>(new float[50], 50, 1), NumericArray.Of<double>(times))).Message);

        DenseDataset<double> exact = Parse<double>(text);
        Normalization normalization = Normalization.PerFeature(exact);
        double mean = times.Average(time => time - 1.7e9), variance = times.Average(time => Math.Pow(time - 1.7e9 - mean, 2));
        var found = new Matrix<float>(50, 1);
        exact.GatherRange(0, normalization.Build<float>(), found.View);
        for (int i = 0; i < times.Length; i++)
            Assert.Equal((times[i] - 1.7e9 - mean) / Math.Sqrt(variance), found[i, 0], 1e-6);

        // Standardized in double, they are numbers around 0 at any precision; a constant is exactly 0.
        string[] lines = text.TrimEnd('\n').Split('\n');
        string withConstant = string.Concat(lines.Select((line, i) => $"{line},{(i == 0 ? "same" : "2.23")}\n"));
        Table table = CsvFiles.ParseTable(new StringReader(withConstant), "t.csv", new(), TestContext.Current.CancellationToken);
        DenseDataset<float> standardized = Preprocessing.Fit(table, new() { Standardizes = true }).Apply<float>(table);
        for (int i = 0; i < times.Length; i++)
        {
            Assert.Equal((times[i] - 1.7e9 - mean) / Math.Sqrt(variance), SmallData.Rows(standardized)[i, 0], 1e-6);
            Assert.Equal(0, SmallData.Rows(standardized)[i, 2]);
        }
    }

    [Fact]
    public void Means_that_are_filled_in_are_those_of_exact_arithmetic()
    {
        double[] times = [.. Enumerable.Range(0, 85).Select(i => 1.7e9 + (i * 37 % 101) + 0.25)];
        string text = "time,same\n" + string.Concat(times.Select(time => string.Create(CultureInfo.InvariantCulture, $"{time:r},2.23\n")))
            + ",\n";
        Table table = CsvFiles.ParseTable(new StringReader(text), "t.csv", new(), TestContext.Current.CancellationToken);
        var filled = Preprocessing.Fit(table, new() { MissingValues = MissingValues.Mean });
        decimal exact = times.Sum(time => (decimal)time) / times.Length;
        Assert.Equal((double)exact, filled.Columns[0].Replacement);
        Assert.Equal(2.23, filled.Columns[1].Replacement);
        DenseDataset<float> same = Preprocessing.Fit(table, new() { MissingValues = MissingValues.Mean, Standardizes = true })
            .Apply<float>(table);
        Assert.Equal(0, SmallData.Rows(same)[85, 0]);
        Assert.All(Enumerable.Range(0, 86), i => Assert.Equal(0, SmallData.Rows(same)[i, 1]));
    }

    private static void Refuses(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => Parse<float>(text)).Message);

    private static DenseDataset<T> Parse<T>(string text)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => CsvFiles.Parse<T>(
        new StringReader(text), "t.csv", new() { TargetColumns = ["price"] }, TestContext.Current.CancellationToken);

    private static Table Read(string text, CsvOptions? options = null) =>
        CsvFiles.ParseTable(new StringReader(text), "t.csv", options ?? Options, TestContext.Current.CancellationToken);

    private static Model<float> Train(Dataset training, Model<float>? model = null)
    {
        model ??= new Dense(2).Build<float>(training.ExampleShape, 1);
        using var trainer = new Trainer<float>(model, Plan, training);
        trainer.Run(cancellationToken: TestContext.Current.CancellationToken);
        return model;
    }

    private static double[] Softmax(ReadOnlySpan<float> scores)
    {
        double[] exponentials = [.. scores.ToArray().Select(score => Math.Exp(score))];
        return [.. exponentials.Select(one => one / exponentials.Sum())];
    }

    private sealed record Crop(int Size) : ExamplePreparation
    {
        public override string Key => "crop";

        public override string ToJson() => $"{Size}";
    }
}
