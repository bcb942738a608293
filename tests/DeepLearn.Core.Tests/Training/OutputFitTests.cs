using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Training;
using DeepLearn.Training.RangeTest;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>
/// A network whose last layer bounds its outputs is refused where its loss or its targets need more, and taken where they do not.
/// </summary>
public class OutputFitTests
{
    private static readonly TrainingPlan Plan = new() { Schedule = 0.01, Length = TrainingLength.Steps(2) };

    private static readonly Dictionary<string, Layer> Endings = new()
    {
        ["Sigmoid"] = new Sigmoid(),
        ["Tanh"] = new Tanh(),
        ["Relu"] = new Relu(),
        ["LeakyRelu"] = new LeakyRelu(),
        ["Elu"] = new Elu(),
        ["Softplus"] = new Softplus(),
        ["Silu"] = new Silu(),
        ["Gelu"] = new Gelu(),
        ["LayerNorm"] = new LayerNorm(),
        ["BatchNorm"] = new BatchNorm(),
        ["Dropout after Sigmoid"] = new Sequential(new Sigmoid(), new Dropout(0.1)),
        ["Ensemble"] = new Ensemble(EnsembleCombination.Average, new Dense(3), new Dense(3)),
        ["Residual"] = new Residual(new Sequential(new Dense(3), new Tanh())),
        ["Residual of bounded"] = new Sequential(new Tanh(), new Residual(new Sequential(new Dense(3), new Tanh()))),
    };

    /// <summary>For each ending what is refused: (c)ross-entropy of classes, (b)inary cross-entropy, (h)inge.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "Sigmoid", "cb" },
        { "Tanh", "cb" },
        { "Relu", "b" },
        { "LeakyRelu", "" },
        { "Elu", "b" },
        { "Softplus", "b" },
        { "Silu", "b" },
        { "Gelu", "b" },
        { "LayerNorm", "" },
        { "BatchNorm", "" },
        { "Dropout after Sigmoid", "cb" },
        { "Ensemble", "b" },
        { "Residual", "" },
        { "Residual of bounded", "cb" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Trainer_ending_is_refused_before_exactly_the_losses_that_need_scores(string ending, string refused)
    {
        var network = new Sequential(new Dense(3), Endings[ending]);
        foreach ((char letter, Loss loss) in new (char, Loss)[]
        {
            ('c', new SoftmaxCrossEntropy()), ('b', new SigmoidBinaryCrossEntropy()), ('h', new MulticlassHinge()),
        })
        {
            string? found = MessageOf(network, Plan with { Loss = loss }, Labeled(3));
            Assert.True(refused.Contains(letter) == (found is not null), $"{ending}, {loss}: {found ?? "accepted"}");
            if (found is null)
                continue;
            Assert.Contains("takes scores", found);
            Assert.Contains("no probability", found);
            Assert.Contains("Leave out the layer that bounds them", found);
            Assert.Contains($"ends with {ending.Split(' ')[^1]}", found.Replace("Residual", "bounded"));
        }
    }

    [Fact]
    public void Sigmoid_before_its_own_loss_is_refused_wherever_the_two_meet()
    {
        var network = new Sequential(new Dense(4), new Relu(), new Dense(1), new Sigmoid());
        Dataset data = Labeled(2);
        Model<float> model = network.Build<float>(data.ExampleShape, 1);
        var loss = new SigmoidBinaryCrossEntropy();
        TrainingPlan plan = Plan with { Loss = loss };
        Action[] meetings =
        [
            () => new Trainer<float>(model, plan, data),
            () => _ = new Evaluator<float>(model, loss, Regularizer.None, data.Description),
            () => _ = Evaluator<float>.Of(model, loss, data.Description),
            () => LearningRateRangeTest.Run(model, plan, data),
            () => CrossValidation.Run<float>([(data, data)], network, _ => plan),
        ];
        foreach (Action meeting in meetings)
        {
            string message = Assert.Throws<ArgumentException>(meeting).Message;
            Assert.Contains("makes probabilities of the outputs itself", message);
            Assert.Contains("found outputs from 0 to 1, which give no probability above 0.73", message);
            Assert.Contains("ends with Sigmoid", message);
        }

        // The evaluation's loss alone.
        Model<float> three = new Sequential(new Dense(3), new Sigmoid()).Build<float>(2, 1);
        Assert.Contains("takes scores", Assert.Throws<ArgumentException>(() => new Trainer<float>(
            three, Plan with { Loss = new MulticlassHinge(), EvaluationLoss = new SoftmaxCrossEntropy() }, Labeled(3))).Message);

        // Without the layer, and as scores that only a wide range bounds, it is taken.
        Assert.Null(MessageOf(new Dense(1), plan, data));
        Assert.Null(MessageOf(new Sequential(new Dense(1), new Capped(8)), plan, data));
        Assert.Contains("from -4 to 4", MessageOf(new Sequential(new Dense(1), new Capped(4)), plan, data));
    }

    [Fact]
    public void Hinge_with_a_margin_that_outputs_cannot_have_is_refused()
    {
        var network = new Sequential(new Dense(3), new Sigmoid());
        Assert.Null(MessageOf(network, Plan with { Loss = new MulticlassHinge() }, Labeled(3)));
        string? found = MessageOf(network, Plan with { Loss = new MulticlassHinge { Margin = 1.5 } }, Labeled(3));
        Assert.Contains("a margin of 1.5 apart; found outputs from 0 to 1", found);
    }

    [Theory]
    [InlineData("Tanh", 0.99f, true)]
    [InlineData("Tanh", 1, true)]
    [InlineData("Tanh", -1.01f, false)]
    [InlineData("Sigmoid", 0, true)]
    [InlineData("Sigmoid", -0.5f, false)]
    [InlineData("Sigmoid", 5.5f, false)]
    [InlineData("Relu", 1e6f, true)]
    [InlineData("Relu", -0.01f, false)]
    [InlineData("Elu", -0.99f, true)]
    [InlineData("Elu", -1.5f, false)]
    [InlineData("Softplus", -3, false)]
    [InlineData("Silu", -0.2f, true)]
    [InlineData("Silu", -0.3f, false)]
    [InlineData("Gelu", -0.3f, false)]
    [InlineData("LeakyRelu", -1e6f, true)]
    [InlineData("Dropout after Sigmoid", 2, false)]
    public void Trainer_target_beyond_the_last_activation_is_refused(string ending, float target, bool isTaken)
    {
        var network = new Sequential(new Dense(2), Endings[ending]);
        Dataset data = DenseDataset<float>.FromArray(new float[,] { { 1 }, { 2 } }, new float[,] { { 0.25f, 0.5f }, { 0.5f, target } });
        foreach (Loss loss in (Loss[])[new MeanSquaredError(), new MeanAbsoluteError(), new Huber()])
        {
            string? found = MessageOf(network, Plan with { Loss = loss }, data);
            Assert.True(isTaken == (found is null), found ?? "accepted");
            if (found is not null)
            {
                Assert.Contains($"ends with {ending.Split(' ')[^1]}", found);
                Assert.Contains("target 1 of example 1 is ", found);
            }
        }
        Assert.Null(MessageOf(new Dense(2), Plan with { Loss = new MeanSquaredError() }, data));
    }

    [Fact]
    public void Trainer_labels_of_which_several_are_right_are_refused_before_a_softmax()
    {
        float[,] features = { { 0, 0 }, { 0, 1 }, { 1, 0 } };
        Model<float> model = new Sequential(new Dense(2)).Build<float>(2, 1);
        var plan = new TrainingPlan { Schedule = 0.1, Length = TrainingLength.Epochs(1) };
        string message = Refused(plan, new float[,] { { 0, 1 }, { 0.25f, 0.75f }, { 1, 1 } });
        Assert.Contains("found 2 at example 2", message);
        Assert.Contains(nameof(SigmoidBinaryCrossEntropy), message);
        Assert.Contains("found 0 at example 0", Refused(plan, new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 } }));
        Make(plan, new float[,] { { 0, 1 }, { 0.25f, 0.7501f }, { 1, 0 } });
        Make(plan with { Loss = new SigmoidBinaryCrossEntropy() }, new float[,] { { 0, 0 }, { 0, 1 }, { 1, 1 } });

        string Refused(TrainingPlan plan, float[,] targets) => Assert.Throws<ArgumentException>(() => Make(plan, targets)).Message;

        void Make(TrainingPlan plan, float[,] targets) =>
            new Trainer<float>(model, plan, DenseDataset<float>.FromArray(features, targets)).Dispose();
    }

    [Fact]
    public void Trainer_targets_are_compared_with_the_outputs_as_they_are_scaled()
    {
        Dataset prices = DenseDataset<float>.FromArray(new float[,] { { 1 }, { 2 }, { 3 } }, new float[,] { { 100 }, { 200 }, { 600 } });
        TrainingPlan plan = Plan with { Loss = new MeanSquaredError() };
        var network = new Sequential(new Dense(1), new Tanh());
        Assert.Contains("example 0 is 100. Leave", MessageOf(network, plan, prices));
        Assert.Contains("is 600, 1.38873 after TargetScaling", MessageOf(
            network, plan with { TargetScaling = Normalization.OfTargets(prices) }, prices));
        Assert.Null(MessageOf(network, plan with { TargetScaling = Normalization.UnitRange(1, 600) }, prices));
        Assert.Null(MessageOf(new Dense(1), plan with { TargetScaling = Normalization.OfTargets(prices) }, prices));
        Assert.Contains("must have 1 of them", MessageOf(new Dense(1), plan with { TargetScaling = Normalization.UnitRange(2) }, prices));
    }

    [Fact]
    public void Trainer_of_more_outputs_than_classes_is_refused_and_says_what_makes_a_row()
    {
        var pictures = new ByteDataset(new byte[4 * 75], [0, 1, 2, 0], new DatasetDescription(new Shape(5, 5, 3)) { Classes = 3 });
        string? found = MessageOf(new Convolution2D(4, 3), Plan, pictures);
        Assert.Contains("36 outputs takes labels of 36 classes; the data set has 3", found);
        Assert.Contains("gives [3, 3, 4] for an example, and ends with Convolution2D", found);
        Assert.Contains("A Flatten or GlobalAveragePool makes a row of it", found);
        found = MessageOf(new Dense(50), Plan, Labeled(10));
        Assert.Contains("50 outputs takes labels of 50 classes; the data set has 10", found);
        Assert.DoesNotContain("Flatten", found);
        Assert.Null(MessageOf(new Sequential(new Convolution2D(4, 3), new Flatten(), new Dense(3)), Plan, pictures));
    }

    private static string? MessageOf(Layer network, TrainingPlan plan, Dataset data)
    {
        try
        {
            new Trainer<float>(network.Build<float>(data.ExampleShape, 1), plan, data).Dispose();
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }

    private static DenseDataset<float> Labeled(int classes) => DenseDataset<float>.FromArray(
        new float[,] { { 1, 2 }, { 2, 1 }, { 3, 3 }, { 0, 1 } }, [0, 1, classes - 1, 0], classes);

    private sealed record Capped(double Most) : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override DeepLearn.Foundation.NumberRange OutputRange(DeepLearn.Foundation.NumberRange input) => new(-Most, Most);

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Tanh().CreateRuntime<T>(build);
    }
}
