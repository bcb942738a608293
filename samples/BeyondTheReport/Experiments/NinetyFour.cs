using DeepLearn.Data.Augmentation;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Samples.BeyondTheReport.Results;
using DeepLearn.Schedules;
using DeepLearn.Training;
using DeepLearn.Training.Whitening;

namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>The CIFAR-10 speed record's recipe, three seeds of it.</summary>
/// <remarks>
/// <para>
/// Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", 2024, and its later form with Muon. The first convolution is made of the
/// training images and frozen; convolutions begin as identities; normalizations have no scale; filters are trained by Muon, everything else
/// by descent with Nesterov's momentum; images are mirrored in every other epoch and shifted; predictions are means over six views.
/// </para>
/// <para>
/// Other than there: ten epochs in the place of eight, for which there is time; everything is in float, by the fastest algorithm, whose
/// error is a small part of that of the record's half precision; losses are means over the batch, so that the rates of what plain descent
/// trains are those of there times the batch, 2,000, and the last layer's weights are divided by its 256 inputs where there its output is;
/// its decay is decoupled and, as momentum would multiply it, divided by 1 less the momentum; the filters' biases have no schedule of their
/// own.
/// </para>
/// </remarks>
internal sealed class NinetyFour : Experiment
{
    /// <summary>How many seeds it is run with, from that of the command line on.</summary>
    public const int Seeds = 3;

    private const int BatchSize = 2000;
    private const double Epochs = 10;
    private const double FilterRate = 0.24;

    // Those of the record for the sum of the losses, times the batch.
    private const double BiasRate = 0.053 * BatchSize;
    private const double HeadRate = 0.67 * BatchSize;
    private const double Decay = 2e-6 * BatchSize;
    private const double Momentum = 0.85;

    public override string Name => "ninety-four";

    public override string Title => "94 %";

    public override string Question =>
        "The recipe of the speed record for CIFAR-10, three seeds of it: a whitening layer, identity initialization, Muon, few epochs, "
        + "and the mean over six views of each test image.";

    public override double Minutes => 30;

    public override double? Aim => 0.94;

    public override int ValidationImages => 0;

    public override ExperimentResult Run(Laboratory laboratory)
    {
        var runs = new List<NamedRun>();
        for (ulong seed = laboratory.Seed; seed < laboratory.Seed + Seeds; seed++)
            runs.Add(Train(laboratory, FormattableString.Invariant($"seed {seed}"), seed, ConvolutionAlgorithm.Fastest));
        return new(Name, runs);
    }

    /// <summary>One run of the recipe, with its 3x3 convolutions computed as is said.</summary>
    public static NamedRun Train(Laboratory laboratory, string name, ulong seed, ConvolutionAlgorithm algorithm) =>
        laboratory.TrainResumably(Variant(laboratory, name, seed, algorithm), seed, TestTimeAugmentation.MirrorsAndShifts());

    private static Variant Variant(Laboratory laboratory, string name, ulong seed, ConvolutionAlgorithm algorithm)
    {
        (int first, int second, int third) = (laboratory.Width(64), laboratory.Width(256), laboratory.Width(256));
        PatchWhitening whitening = PatchWhitening.Of(laboratory.Training, 2, laboratory.PerChannel);
        Convolution2D front = whitening.ToConvolution();
        var network = new Sequential(
            front,
            new Gelu(),
            Block(first, algorithm),
            Block(second, algorithm),
            Block(third, algorithm),
            new MaxPool(3),
            new Flatten(),
            new Dense(10) { HasBiases = false, Weights = NormalInitializer.WithStandardDeviation(1.0 / third) });
        int batchSize = Math.Min(BatchSize, laboratory.Training.Count / 10);
        long steps = laboratory.Steps(Epochs, batchSize);
        double headRate = HeadRate / third / third;
        TrainingPlan plan = new()
        {
            Schedule = new PolynomialSchedule(FilterRate, steps),
            Length = TrainingLength.Steps(steps),
            Optimizer = new Sgd { Momentum = Momentum, Nesterov = true },
            Parameters =
            [
                new(front.Kind + "1/weights") { Freezes = true },
                new("dense1/weights") { RateFactor = headRate / FilterRate, WeightDecay = DecayAt(headRate) },
                new(ParameterSelection.Weights)
                {
                    Optimizer = new Muon
                    {
                        Momentum = 0.6,
                        Iterations = 3,
                        Scale = MuonScale.None,
                        NormalizesWeights = true,
                    },
                },
                new("*") { RateFactor = BiasRate / FilterRate, WeightDecay = DecayAt(BiasRate) },
            ],
            Loss = new SoftmaxCrossEntropy { LabelSmoothing = 0.2 },
            EvaluationLoss = new SoftmaxCrossEntropy(),
            BatchSize = batchSize,
            Seed = seed,
            Normalization = laboratory.PerChannel,
            Augmentation = new AlternatingFlip().Then(new RandomShift(2, ShiftPadding.Reflection)),
            DropLast = true,
            Evaluation = new()
            {
                Every = Math.Max(1, laboratory.Steps(1, batchSize)),
                AtStart = true,
                TrainingExamples = laboratory.Settings.Quick ? 200 : 2000,
            },
        };
        return new(name, network, plan);

        // What decays of a number in a step is the same whatever its rate.
        static double DecayAt(double rate) => Decay / rate / (1 - Momentum);
    }

    private static Sequential Block(int channels, ConvolutionAlgorithm algorithm) => new(
        Convolution(channels, algorithm),
        new MaxPool(2),
        Normalization(),
        new Gelu(),
        Convolution(channels, algorithm),
        Normalization(),
        new Gelu());

    private static Convolution2D Convolution(int channels, ConvolutionAlgorithm algorithm) => new(channels, 3)
    {
        Padding = Padding2D.Same,
        HasBiases = false,
        Algorithm = algorithm,
        Weights = new DiracInitializer { Others = UniformInitializer.LeCun },
    };

    private static BatchNorm Normalization() => new() { HasScale = false, Momentum = 0.6, Epsilon = 1e-12 };
}
