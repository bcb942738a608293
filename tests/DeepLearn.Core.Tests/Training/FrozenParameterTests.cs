using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>What is frozen stays as it is, and costs nothing.</summary>
public class FrozenParameterTests
{
    private static readonly Sequential Network = new(
        new Convolution2D(4, 3) { Padding = 1, HasBiases = false },
        new BatchNorm(),
        new Relu(),
        new Residual(new Sequential(new Convolution2D(4, 1), new Tanh())),
        new LayerNorm(),
        new Dense(3));

    public static TheoryData<Optimizer> Optimizers =>
        [new Sgd(), new Sgd { Momentum = 0.9, Nesterov = true, WeightDecay = 0.1 }, new AdamW(), new Adam().ClippedByNorm(1)];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Frozen_parameters_stay_bit_for_bit_and_take_no_memory_for_gradients(Optimizer optimizer)
    {
        foreach (string pattern in (string[])["convolution2d1/*", "*/biases", "dense1/*", "*norm*", "residual1/*", "*1/weights"])
        {
            Model<float> model = Build();
            float[][] before = Values(model);
            Train(model, optimizer, new(pattern) { Freezes = true });
            bool[] frozen = (ParameterSelection.All with { Only = [pattern] }).Choose(model.Parameters);
            for (int i = 0; i < before.Length; i++)
            {
                Parameter<float> parameter = model.Parameters[i];
                Assert.True(before[i].AsSpan().SequenceEqual(parameter.Value.AsSpan()) == frozen[i], $"{parameter.Name} with {pattern}");
                Assert.False(frozen[i] && parameter.HasGradient, parameter.Name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Training_a_head_on_a_frozen_network_is_training_it_on_the_network_s_outputs(Optimizer optimizer)
    {
        var front = new Sequential(new Dense(7), new Tanh());
        var whole = new Sequential(front, new Sequential(new Dense(3)));
        Model<float> model = whole.Build<float>(5, seed: 1), head = new Sequential(new Dense(3)).Build<float>(7, seed: 9);
        Model<float> body = front.Build<float>(5, seed: 2);
        for (int i = 0; i < 2; i++)
        {
            model.Parameters[i].Value.AsSpan().CopyTo(body.Parameters[i].Value.AsSpan());
            model.Parameters[2 + i].Value.AsSpan().CopyTo(head.Parameters[i].Value.AsSpan());
        }
        var frozen = new ParameterRule("sequential1/*") { Freezes = true };
        var one = new TrainingStep<float>(model, new SoftmaxCrossEntropy(), new L2(0.01), optimizer.WithRules([frozen]), 6);
        var other = new TrainingStep<float>(head, new SoftmaxCrossEntropy(), new L2(0.01), optimizer, 6);
        for (int step = 0; step < 5; step++)
        {
            Matrix<float> examples = Draw(6, 5, step);
            Targets<float> labels = Targets<float>.FromLabels([0, 1, 2, 2, 1, 0]);
            double expected = other.Run(body.Predict(examples), labels, 0.1, step, RandomKey.FromSeed(1));
            Assert.Equal(expected, one.Run(examples, labels, 0.1, step, RandomKey.FromSeed(1)));
        }
        Assert.Equal(head.Parameters[0].Value.AsSpan().ToArray(), model.Parameters[2].Value.AsSpan().ToArray());
    }

    [Fact]
    public void Constraints_hold_for_what_is_trained_alone()
    {
        Model<float> model = Build();
        float[][] before = Values(model);
        Train(model, new Sgd(), new("convolution2d1/*") { Freezes = true }, new MaxNorm(0.01));
        Assert.Equal(before[0], model.Parameters[0].Value.AsSpan().ToArray());
        Assert.True(model.Parameters[^2].Value.AsSpan().ToArray().Max(Math.Abs) <= 0.011f);
    }

    [Fact]
    public void Step_with_frozen_parameters_allocates_nothing()
    {
        Model<float> model = Build();
        Optimizer optimizer = new Sgd { Momentum = 0.9 }.WithRules(
            [new("convolution2d1/weights") { Freezes = true }, new("dense1/*") { RateFactor = 2, Optimizer = new AdamW() }]);
        var step = new TrainingStep<float>(model, new SoftmaxCrossEntropy(), new L2(0.1), optimizer, 8);
        Matrix<float> examples = Draw(8, 24, 0);
        int[] labels = [0, 1, 2, 0, 1, 2, 0, 1];
        long made = 0;
        for (; made < 3; made++)
            step.Run(examples, Targets<float>.FromLabels(labels), 0.1, made, RandomKey.FromSeed(1));
        Assert.Equal(0, Allocation.Of(() => step.Run(examples, Targets<float>.FromLabels(labels), 0.1, made, RandomKey.FromSeed(1))));
    }

    private static Model<float> Build() => Network.Build<float>(new Shape(3, 2, 4), seed: 1);

    private static void Train(Model<float> model, Optimizer optimizer, ParameterRule rule, Regularizer? regularizer = null)
    {
        var step = new TrainingStep<float>(
            model, new SoftmaxCrossEntropy(), regularizer is null ? new L2(0.01) + new L1(0.01) : regularizer + new L1(0.01),
            optimizer.WithRules([rule]), 8);
        for (int made = 0; made < 3; made++)
            step.Run(Draw(8, 24, made), Targets<float>.FromLabels([0, 1, 2, 0, 1, 2, 0, 1]), 0.1, made, RandomKey.FromSeed(1));
    }

    private static float[][] Values(Model<float> model) => [.. model.Parameters.Select(parameter => parameter.Value.AsSpan().ToArray())];

    private static Matrix<float> Draw(int rows, int columns, int seed)
    {
        var matrix = new Matrix<float>(rows, columns);
        RandomStream random = RandomKey.FromSeed((ulong)seed).Open();
        foreach (ref float value in matrix.AsSpan())
            value = (float)((2 * random.NextUniform()) - 1);
        return matrix;
    }
}
