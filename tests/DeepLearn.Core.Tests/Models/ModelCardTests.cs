using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Tests.Samples;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Models;

/// <summary>
/// What goes with the weights: it fits the model, a trainer fills it in, and a file keeps it.
/// Alone, since it leaves much to collect to whoever counts bytes beside it.
/// </summary>
[Collection(Alone.Name)]
public sealed class ModelCardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["model.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ModelFile_restores_the_card_bit_for_bit()
    {
        Model<float> model = ModelSamples.Network.Build<float>(3, 1);
        model.Card = ModelSamples.FullCard;
        model.Save(File);
        Model<float> other = ModelSamples.Network.Build<float>(3, 2);
        ModelFileContent content = other.Load(File);
        Assert.Equal(ModelSamples.FullCard, content.Card);
        Assert.Equal(ModelSamples.FullCard, other.Card);
        Assert.Equal("0.1.0", content.LibraryVersion);
        Assert.Equal(content, ModelFile.ReadContent(File));
        Assert.Equal(ModelSamples.FullCard, Model.Load<float>(File).Card);
        Assert.Equal("Jürgen\n", content.Card.TextOf("by"));
        Assert.Null(content.Card.TextOf("when"));
    }

    [Fact]
    public void Card_that_is_not_of_the_model_is_refused_and_names_what_differs()
    {
        Model<float> model = ModelSamples.Network.Build<float>(3, 1);
        Refused(new() { Normalization = new([0], [1]) }, "normalization", "3 features; found 1");
        Refused(new() { TargetScaling = new([0], [1]) }, "scaling of targets", "2 targets; found 1");
        Refused(new() { FeatureNames = ["a"] }, "feature names", "3 of them, or none; found 1");
        Refused(new() { Task = PredictionTask.Multiclass(3) }, "task", "2 outputs; found a classification into 3 classes");
        Refused(new() { ClassNames = ["a", "b", "c"] }, "class names", "at most 2; found 3");
        Refused(new() { TargetNames = ["a"] }, "target names", "2 of them");
        Refused(new() { Preprocessing = new() { Columns = [new() { Name = "x" }] } }, "preprocessing", "3 features; found 1");
        Refused(new() { Texts = [new("deeplearn.mine", "")] }, "text", "deeplearn.mine");
        Refused(new() { Texts = [new("", "")] }, "text", "not empty");
        Refused(new() { Texts = [new("a", "1"), new("a", "2")] }, "text", "a key of its own");
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelCard { Temperature = 0 });
        Assert.Same(ModelCard.Empty, model.Card);

        void Refused(ModelCard card, params string[] messages)
        {
            var exception = Assert.Throws<ArgumentException>(() => model.Card = card);
            Assert.All(messages, message => Assert.Contains(message, exception.Message));
        }
    }

    [Fact]
    public void Trainer_writes_plan_data_and_measures_onto_the_card()
    {
        var data = new DenseDataset<float>(
            Matrix<float>.FromArray(new[,] { { 0f, 1 }, { 1, 0 }, { 1, 1 }, { 0, 0 } }), [0, 1, 0, 1], null,
            new DatasetDescription(2) { Classes = 2, ClassNames = ["no", "yes"], FeatureNames = ["a", "b"] });
        Model<float> model = new Sequential(new Dense(2)).Build<float>(2, 1);
        model.Card = model.Card with { Texts = [new("mine", "stays")], Temperature = 3 };
        var plan = new TrainingPlan
        {
            Schedule = new ConstantSchedule(0.1),
            Length = TrainingLength.Steps(5),
            Normalization = Normalization.PerFeature(data),
            Seed = ulong.MaxValue,
        };
        using var trainer = new Trainer<float>(model, plan, data, data);
        TrainingResult result = trainer.Run();
        Assert.Equal(plan.Normalization, model.Card.Normalization);
        Assert.Equal(["no", "yes"], model.Card.ClassNames);
        Assert.Equal(["a", "b"], model.Card.FeatureNames);
        Assert.Equal(PredictionTask.Multiclass(2), model.Card.Task);
        Assert.Equal("stays", model.Card.TextOf("mine"));
        Assert.Equal(1, model.Card.Temperature);
        TrainingSummary summary = model.Card.Training!;
        Assert.Equal((5, 5, ulong.MaxValue), (summary.Steps, summary.PlannedSteps, summary.Seed));
        Assert.Contains("ConstantSchedule", summary.Plan);
        Assert.Equal(
            ["training loss", "training accuracy", "validation loss", "validation accuracy"],
            summary.Metrics.Select(metric => metric.Name));
        Assert.Equal(result.Curve[^1].Validation!.Loss, summary.Metrics[2].Value);
        model.Save(File);
        Assert.Equal(model.Card, Model.Load<float>(File).Card);
    }
}
