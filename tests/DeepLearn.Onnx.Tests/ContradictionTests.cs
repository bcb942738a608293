using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>Export options that contradict the model's card, or themselves, are refused before anything is written.</summary>
public sealed class ContradictionTests : IDisposable
{
    private static readonly Normalization Own = new([1, 2], [3, 4]);

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"contradiction-{Guid.NewGuid():n}.onnx");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(TaskKind.Multiclass, OnnxEnding.Sigmoid, "3 classes: expected the ending Softmax or LogSoftmax or None; found Sigmoid")]
    [InlineData(TaskKind.Binary, OnnxEnding.Softmax, "into 2 classes by 1 output: expected the ending Sigmoid or None; found Softmax")]
    [InlineData(TaskKind.Multilabel, OnnxEnding.Softmax, "any of 3 labels: expected the ending Sigmoid or None; found Softmax")]
    [InlineData(TaskKind.Regression, OnnxEnding.Softmax, "a regression of 1 number: expected the ending None; found Softmax")]
    [InlineData(TaskKind.Regression, OnnxEnding.Sigmoid, "a regression of 1 number: expected the ending None; found Sigmoid")]
    public void Ending_that_contradicts_the_task_is_refused(TaskKind kind, OnnxEnding ending, string message)
    {
        PredictionTask task = kind switch
        {
            TaskKind.Multiclass => PredictionTask.Multiclass(3),
            TaskKind.Multilabel => PredictionTask.Multilabel(3),
            TaskKind.Binary => PredictionTask.Binary,
            _ => PredictionTask.Regression(1),
        };
        Assert.Contains(message, Refusal(ModelCard.Empty with { Task = task }, new() { Ending = ending }, task.Outputs));
    }

    [Fact]
    public void Normalization_other_than_the_cards_is_refused()
    {
        ModelCard card = ModelCard.Empty with { Normalization = Own };
        string message = Refusal(card, new() { Normalization = new([1, 2], [3, 4.5]) });
        Assert.Contains("mean 2 and standard deviation 4 for feature 1 of 2; found mean 2 and standard deviation 4.5", message);
        Assert.Contains("for feature 0 of 3", Refusal(card, new() { Normalization = Normalization.UnitRange(3) }));

        Model<float> model = new Dense(3).Build<float>(2, 1);
        model.Card = card;
        Assert.Equal(
            ExportTests.File(model, new()), ExportTests.File(model, new() { Normalization = new([1, 2], [3, 4]) }));
    }

    [Fact]
    public void Softmax_of_one_output_is_refused()
    {
        Assert.Contains("at least two outputs", Refusal(ModelCard.Empty, new() { Ending = OnnxEnding.Softmax }, 1));
        Assert.Contains("at least two outputs", Refusal(ModelCard.Empty, new() { Ending = OnnxEnding.LogSoftmax }, 1));
    }

    [Fact]
    public void Network_alone_with_a_step_around_it_is_refused()
    {
        Assert.Contains("found Normalization as well", Refusal(ModelCard.Empty, new() { NetworkAlone = true, Normalization = Own }));
        Assert.Contains("found Ending as well", Refusal(ModelCard.Empty, new() { NetworkAlone = true, Ending = OnnxEnding.Softmax }));
    }

    [Fact]
    public void Card_that_has_a_step_but_not_what_the_outputs_mean_is_refused()
    {
        ModelCard card = ModelCard.Empty with { Temperature = 2 };
        Assert.Contains("has a temperature, but not what the outputs mean", Refusal(card, new()));
        ModelCard scaled = ModelCard.Empty with { TargetScaling = Normalization.UnitRange(3) };
        Assert.Contains("has a scaling of targets, but not", Refusal(scaled, new()));

        Model<float> model = new Dense(3).Build<float>(2, 1);
        model.Card = card;
        Assert.Equal(2, RoundTripTests.Load(ExportTests.File(model, new() { Ending = OnnxEnding.Softmax })).Temperature);
    }

    [Fact]
    public void Number_beyond_32_bits_is_refused()
    {
        Assert.Contains("found 1 and 1E-60 for 1", Refusal(ModelCard.Empty with { Normalization = new([0, 1], [1, 1e-60]) }, new()));
        Assert.Contains("found 1E+60 and 1 for 0", Refusal(ModelCard.Empty with { Normalization = new([1e60, 1], [1, 1]) }, new()));
        ModelCard card = ModelCard.Empty with { Task = PredictionTask.Multiclass(3), Temperature = 1e-60 };
        Assert.Contains("found 1E-60", Refusal(card, new()));
    }

    private string Refusal(ModelCard card, OnnxExportOptions options, int outputs = 3)
    {
        Model<float> model = new Dense(outputs).Build<float>(2, 1);
        model.Card = card;
        string message = Assert.Throws<ArgumentException>(() => model.SaveOnnx(_path, options)).Message;
        Assert.False(File.Exists(_path));
        return message;
    }
}
