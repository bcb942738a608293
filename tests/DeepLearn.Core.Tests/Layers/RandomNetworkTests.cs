using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Testing;
using DeepLearn.Tests.Losses;
using DeepLearn.Tests.Support;
using DeepLearn.Verification;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>Whole networks of random layers, nested and residual, under each loss and each regularizer.</summary>
public class RandomNetworkTests
{
    private const int Networks = 10;

    /// <summary>How far outputs are to be from a kink of the loss.</summary>
    private const double Clear = 1e-4;

    private static readonly (string Name, Loss Loss, bool TakesLabels, LossKinkDistance? Clearance)[] LossRows =
    [
        ("softmax", new SoftmaxCrossEntropy(), true, null),
        ("softmax, smoothed and weighted", new SoftmaxCrossEntropy { LabelSmoothing = 0.1, ClassWeights = [0.5, 1, 2] }, true, null),
        ("softmax of soft targets", new SoftmaxCrossEntropy(), false, null),
        ("sigmoid", new SigmoidBinaryCrossEntropy(), false, null),
        ("hinge of Weston and Watkins", new MulticlassHinge(), true, LossCase.HingeClearance),
        ("hinge of Crammer and Singer", new MulticlassHinge { Form = HingeForm.CrammerSinger }, true, LossCase.HingeClearance),
        ("squared error", new MeanSquaredError(), false, null),
        ("absolute error", new MeanAbsoluteError(), false, LossCase.ErrorClearance),
        ("Huber", new Huber(0.5) { Reduction = OutputReduction.Sum }, false, LossCase.HuberClearance),
    ];

    private static readonly Regularizer[] Penalties =
    [
        Regularizer.None,
        new L2(0.3),
        new L1(0.2),
        new ElasticNet(0.1, 0.2),
        new L1(0.1) + new L2(0.1),
        new L2(0.2) { AppliesTo = ParameterSelection.All } + new MaxNorm(0.5),
    ];

    public static TheoryData<string, int> Rows
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach ((string name, _, _, _) in LossRows)
            {
                for (int penalty = 0; penalty < Penalties.Length; penalty++)
                    rows.Add(name, penalty);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void RandomNetwork_gradient_of_the_cost_equals_the_numeric_derivative(string lossName, int penalty)
    {
        (_, Loss loss, bool takesLabels, LossKinkDistance? clearance) = LossRows.Single(row => row.Name == lossName);
        Prop.ForAll(NetworkSample.Arbitrary, sample =>
        {
            LayerSample network = sample.Network.Clear((numbers, outputs) => OutputsAreClear(numbers, outputs, loss, clearance));
            Check(network, loss, takesLabels, Penalties[penalty]).ThrowIfFailed();
        }).Check(RandomCases.Of(Networks).WithName(lossName));
    }

    [Fact]
    public void RandomNetwork_generator_draws_every_layer_loss_and_regularizer()
    {
        IEnumerable<Layer> drawn = Enumerable.Range(0, 600).SelectMany(seed => LayerParts.Of(new NetworkSample(seed, 6, 2).Network.Layer));
        Assert.Empty(LibraryTypes.Of<Layer>().Except(drawn.Select(layer => layer.GetType())));
        Assert.Empty(LibraryTypes.Of<Loss>().Except(LossRows.Select(row => row.Loss.GetType())));
        Assert.Empty(
            LibraryTypes.Of<Regularizer>().Except(Penalties.SelectMany(penalty => penalty.Split()).Select(part => part.GetType())));
    }

    [Fact]
    public void RandomNetwork_on_any_threads_is_reproducible_bit_for_bit() =>
        Prop.ForAll(NetworkSample.Arbitrary, sample =>
        {
            LayerSample network = sample.Network with { Batch = 30 };
            float[] alone = LayerRun<float>.Train(network).All;
            using var workers = new WorkerPool(2);
            Assert.Equal(alone, LayerRun<float>.Train(network, workers).All);
            Model<float> model = network.Build<float>();
            Assert.Equal(LayerRun<float>.Infer(network, model), model.Predict(network.Examples<float>(), workers).AsSpan().ToArray());
        }).Check(RandomCases.Of(60));

    private static int[] LabelsOf(LayerSample network) =>
        [.. Enumerable.Range(0, network.Batch).Select(i => (i + network.Seed) % NetworkSample.Outputs)];

    private static Matrix<double> ValuesOf(LayerSample network)
    {
        Matrix<double> values = network.Numbers<double>("targets", NetworkSample.Outputs);
        foreach (ref double value in values.AsSpan())
            value = 0.5 + (0.4 * value);
        return values;
    }

    private static bool OutputsAreClear(LayerSample network, Matrix<double> outputs, Loss loss, LossKinkDistance? clearance)
    {
        int[] labels = LabelsOf(network);
        Matrix<double> values = ValuesOf(network);
        return clearance is null
            || Enumerable.Range(0, network.Batch).All(i => clearance(loss, outputs.Row(i), values.Row(i), labels[i]) >= Clear);
    }

    private static GradientReport Check(LayerSample network, Loss loss, bool takesLabels, Regularizer penalty)
    {
        Model<double> model = network.Build<double>();
        Targets<double> targets = takesLabels
            ? Targets<double>.FromLabels(LabelsOf(network))
            : Targets<double>.FromValues(ValuesOf(network));

        // The cost of some of these networks is large, and its rounding all that there is of a gradient of 0.
        var options = new GradientCheckOptions
        {
            IncludesInput = true,
            ElementsPerParameter = 6,
            Key = network.Noise,
            RelativeFloor = 1e-3,
        };
        return GradientChecker.Check(model, loss, penalty, network.Examples<double>(), targets, options);
    }
}
