using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Tests.Data;
using DeepLearn.Tests.Samples;
using DeepLearn.Tests.Support;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training.Checkpoints;

/// <summary>
/// A run is known again by the text of its parts: types that share a name, and options that print nothing, are told apart too.
/// </summary>
public sealed class PartTextTests : IDisposable
{
    private static readonly ByteDataset Data = SmallData.Bytes(60, new Shape(4, 3, 1), classes: 3);

    private static readonly TrainingPlan Plan = TrainingData.Plan with { Schedule = 0.001, Length = TrainingLength.Epochs(2) };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Checkpoint_of_a_layer_of_another_type_with_the_same_name_and_options_is_refused()
    {
        Train(new Sequential(new Dense(4), new One.Gate(2), new Dense(3)), Plan);
        var other = new Sequential(new Dense(4), new Other.Gate(2), new Dense(3));
        var exception = Assert.Throws<IdentityMismatchException>(() => Train(other, Plan));
        Assert.Contains(typeof(One.Gate).FullName!, exception.Message);
        Assert.Contains(typeof(Other.Gate).FullName!, exception.Message);
    }

    [Fact]
    public void Text_of_the_librarys_own_parts_names_no_type()
    {
        Assert.Equal(InvariantText.Of(TrainingData.Network), PartText.Of(TrainingData.Network));
        Assert.Equal(InvariantText.Of(new Huber()), PartText.Of(new Huber()));
        Assert.Equal($"Gate {{ Type = {typeof(One.Gate).FullName}, Size = 2 }}", PartText.Of(new One.Gate(2)));
        Assert.Equal("Gate { Size = 2 }", new One.Gate(2).ToString());
    }

    [Theory]
    [InlineData("System.Double[]")]
    [InlineData("System.Collections.Generic.List`1")]
    [InlineData("System.Func`2")]
    [InlineData("DeepLearn.Tests.Training.Checkpoints.PartTextTests+Silent")]
    public void Checkpointing_of_a_part_that_prints_an_option_as_a_type_is_refused(string name)
    {
        var plan = Plan with
        {
            Schedule = new Untelling(name switch
            {
                "System.Double[]" => new[] { 1.0 },
                "System.Func`2" => (Func<double, double>)Math.Abs,
                "System.Collections.Generic.List`1" => new List<double>(),
                _ => new Silent(),
            }),
        };
        var exception = Assert.Throws<ArgumentException>(() => Train(TrainingData.Network, plan));
        Assert.Contains(
            $"The schedule prints itself as \"Untelling {{ Type = {typeof(Untelling).FullName}, Option = {name}", exception.Message);
        Assert.Contains($"names the type {name} and no value", exception.Message);
        Model<float> model = TrainingData.Network.Build<float>(Data.ExampleShape, 1);
        using var trainer = new Trainer<float>(model, plan, Data);
        trainer.Run();    // without checkpoints nobody asks
    }

    [Theory]
    [InlineData("a.checkpoint")]
    [InlineData("1e-05, Double = 0.5")]
    [InlineData("System")]
    [InlineData("x..y+`, [], .")]
    [InlineData(null)]
    public void Checkpointing_of_a_part_that_prints_its_options_is_not_refused(string? option) =>
        Train(TrainingData.Network, Plan with { Schedule = new Untelling(option) });

    [Fact]
    public void A_class_that_is_no_record_is_of_its_own_type()
    {
        Type one = ClassOfSchedule.Define("Foreign.Slow"), other = ClassOfSchedule.Define("Foreign.Fast");
        Assert.NotEqual(ClassOfSchedule.Make(one, 0.1), ClassOfSchedule.Make(other, 0.1));
        Assert.Equal("Slow { }", ClassOfSchedule.Make(one, 0.1).ToString());
    }

    [Fact]
    public void Checkpointing_of_a_class_that_prints_none_of_its_options_is_refused()
    {
        var plan = Plan with { Schedule = ClassOfSchedule.Make(ClassOfSchedule.Define("Foreign.Even"), 0.1) };
        var exception = Assert.Throws<ArgumentException>(() => Train(TrainingData.Network, plan));
        Assert.Contains("tells nothing of the options of Even; expected", exception.Message);
        Assert.Contains("Override PrintMembers and Equals", exception.Message);
    }

    private void Train(Layer network, TrainingPlan plan)
    {
        Model<float> model = network.Build<float>(Data.ExampleShape, 1);
        using var trainer = new Trainer<float>(model, plan, Data) { Checkpointing = new(_folder["run.checkpoint"]) };
        trainer.TryResume();
        trainer.Run();
    }

    private sealed record Untelling(object? Option) : LearningRateSchedule
    {
        public override double RateAt(long step) => 0.1;
    }

    private sealed class Silent;

    private abstract record Unchanged : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Flatten().CreateRuntime<T>(build);
    }

    private static class One
    {
        public sealed record Gate(double Size) : Unchanged;
    }

    private static class Other
    {
        public sealed record Gate(double Size) : Unchanged;
    }
}
