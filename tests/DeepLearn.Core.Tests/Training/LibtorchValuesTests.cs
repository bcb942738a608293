using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Samples;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using DeepLearn.Training.Checkpoints;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>
/// Losses, short trainings and a plateau beside libtorch's, in double. The numbers are what TorchSharp 0.107 with libtorch 2.10 prints for
/// <c>functional.cross_entropy(scores, labels, label_smoothing: 0.1)</c>, <c>binary_cross_entropy_with_logits</c>, <c>l1_loss</c>,
/// <c>mse_loss</c>, <c>huber_loss(delta: 0.75)</c> and <c>4 * multi_margin_loss(margin: 0.75)</c> and their <c>backward()</c>; for
/// <c>optim.SGD</c> and <c>optim.Adam</c> at 0.05 over whole batches of the six examples below; and for
/// <c>lr_scheduler.ReduceLROnPlateau(sgd, "min", 0.5, patience, 1e-3, "rel", cooldown)</c>.
/// </summary>
public sealed class LibtorchValuesTests : IDisposable
{
    private const int Labels = 0, Shares = 1, Numbers = 2;

    private static readonly double[,] Examples =
    {
        { 1, 0.5, -1 }, { -0.25, 2, 0.75 }, { 0.5, -1.5, 1 }, { 1.25, 0.25, -0.5 }, { -1, -0.75, 0.5 }, { 0, 1, -2 },
    };

    private static readonly double[] Seen =
    [
        3, 2, 2.1, 1.999, 1.9985, 1.5, 1.6, 1.6, 1.7, 1.6, 1.55, 1.6, 1.4999, 1.2, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 0.9, 1, 1,
    ];

    private readonly TemporaryFolder _folder = new();

    /// <summary>The loss, the kind of targets, its value and its gradient.</summary>
    public static TheoryData<Loss, int, double, double[]> Losses { get; } = new()
    {
        {
            new SoftmaxCrossEntropy(),
            Labels,
            0.9833934682667439,
            [
                0.05255342128421235, 0.009132415258370136, -0.09780523955500697, 0.03611940301242444, -0.09893842155148927,
                0.02470504194305296, 0.0070781130233168645, 0.06715526658511942, 0.030982143288636167, -0.2982259655931205,
                0.007833512586263507, 0.25941030971822077,
            ]
        },
        {
            new SoftmaxCrossEntropy { LabelSmoothing = 0.1 },
            Labels,
            1.0938101349334106,
            [
                0.044220087950879026, 0.0007990819250368046, -0.07280523955500696, 0.02778606967909111, -0.07393842155148923,
                0.016371708609719635, -0.001255220310016466, 0.0588219332517861, 0.022648809955302846, -0.2732259655931205,
                -0.0004998207470698226, 0.2510769763848875,
            ]
        },
        {
            new SoftmaxCrossEntropy { LabelSmoothing = 0.1, ClassWeights = [0.5, 1, 2, 1.5] },
            Labels,
            1.2093517958732114,
            [
                0.09699866930544211, 0.009246566039029179, -0.16327508614338848, 0.05702985079891704, -0.019389592392106334,
                0.005872065783922121, -0.01259675167825947, 0.026114278286443665, 0.027590030204185406, -0.2723482813996152,
                -0.00863731626574657, 0.2533955674611763,
            ]
        },
        {
            new SigmoidBinaryCrossEntropy(),
            Shares,
            0.9264421192651849,
            [
                -0.03146172239984545, 0.01855834490210907, 0.052566423164823524, 0.002600781114479691, 0.0681312063494703,
                -0.05659822493128275, -0.07339975649815687, 0.046848041740483175, -0.003684581013582396, 0.05050488155250041,
                0.03146172239984545, -0.003952156098130553,
            ]
        },
        {
            new SigmoidBinaryCrossEntropy { PositiveWeights = [0.5, 1, 2, 1.5] },
            Shares,
            1.0908919724695956,
            [
                -0.015730861199922726, 0.01855834490210907, 0.05008302895602942, -0.007165690273567051, 0.0681312063494703,
                -0.05659822493128275, -0.14679951299631375, 0.046848041740483175, 0.0055096368665110045, 0.05050488155250041,
                0.03146172239984545, -0.005928234147195825,
            ]
        },
        {
            new MeanAbsoluteError(),
            Numbers,
            1.0833333333333333,
            [
                -0.08333333333333333, -0.08333333333333333, -0.08333333333333333, 0.08333333333333333, 0.08333333333333333,
                -0.08333333333333333, 0, -0.08333333333333333, 0.08333333333333333, 0, -0.08333333333333333, 0.08333333333333333,
            ]
        },
        {
            new MeanSquaredError(),
            Numbers,
            3.7734375,
            [
                -0.08333333333333333, -0.041666666666666664, -0.3333333333333333, 0.020833333333333332, 0.041666666666666664,
                -0.041666666666666664, 0, -0.29166666666666663, 0.14583333333333331, 0, -0.16666666666666666, 1,
            ]
        },
        {
            new Huber(0.75),
            Numbers,
            0.6282552083333334,
            [
                -0.041666666666666664, -0.020833333333333332, -0.0625, 0.010416666666666666, 0.020833333333333332,
                -0.020833333333333332, 0, -0.0625, 0.0625, 0, -0.0625, 0.0625,
            ]
        },
        {
            new MulticlassHinge { Margin = 0.75 },
            Labels,
            1.125,
            [
                0, 0, 0, 0, 0, 0, 0, 0, 0.3333333333333333, -0.6666666666666666, 0, 0.3333333333333333,
            ]
        },
    };

    public static TheoryData<Run> Runs { get; } =
    [
        new Run(
            new MeanAbsoluteError(),
            new MeanSquaredError(),
            new Sgd(),
            [
                0.8160000000000001, 1.0381666666666665, 0.22016666666666668, -0.03333333333333334,
            ],
            [
                0.6009583333333333, 0.5783020833333333, 0.5612569444444445, 0.5445034722222223, 0.5318611111111112, 0.5165798611111112,
            ],
            [
                0.5951316433015045, 0.5653319308449075, 0.5515036051070602, 0.5392772939814816, 0.5131746843894677, 0.4709603017939817,
            ]),
        new Run(
            new SoftmaxCrossEntropy { LabelSmoothing = 0.1 },
            new SoftmaxCrossEntropy(),
            new Adam(),
            [
                0.5483260424879872, 1.1891044211579282, 0.4380426600172942, -1.0480451111178806, -0.6629262880806589,
                -0.5759402336891191, 0.4925207062812153, 1.0729493798330563, 0.3601875757767192, 0.1733619274977369,
                0.000739480944787145, -0.08106730452042822,
            ],
            [
                1.285934395528118, 1.231926203741337, 1.1848944777558181, 1.141274017581653, 1.1003144640124156, 1.062215638071925,
            ],
            [
                1.2363692591497057, 1.1856987785512463, 1.1378888518124617, 1.0925752942263889, 1.0500923145414756, 1.0108381987893946,
            ]),
        new Run(
            new SoftmaxCrossEntropy { LabelSmoothing = 0.1 },
            new SoftmaxCrossEntropy(),
            new Adam(),
            [
                0.37531579510541174, 1.361628796310164, 0.6074146129094903, -1.2034789720329853, -0.47535989324377, -0.7679619996414085,
                0.30556242148483487, 1.2309539239184473, 0.3644928282091662, 0.13402433602963718, -0.15358953187344465,
                0.03600771682203447,
            ],
            [
                1.285934395528118, 1.231926203741337, 1.1848944777558181, 1.141274017581653, 1.1003144640124156, 1.062215638071925,
                1.0272780159124535, 0.9955901470212298, 0.9670773644544715, 0.9416941431535721,
            ],
            [
                1.2363692591497057, 1.1856987785512463, 1.1378888518124617, 1.0925752942263889, 1.0500923145414756, 1.0108381987893946,
                0.9749892507398229, 0.9425156060303698, 0.9133706024814016, 0.8875215708668481,
            ]),
        new Run(
            new MeanSquaredError(),
            new MeanAbsoluteError(),
            new Sgd { Momentum = 0.9 },
            [
                0.802990493929588, 1.778306123256789, 0.5696829669160365, -0.07144102055157092,
            ],
            [
                0.6266382604166667, 0.5251032744755272, 0.3849189014170391, 0.27452152319864526, 0.22796135759457234,
                0.23545293515666077, 0.2629394175431433, 0.28066442183535373, 0.27976914684599163, 0.26935848919982347,
            ],
            [
                0.5685982638888888, 0.5372820140697337, 0.4940622972234561, 0.44170540393299934, 0.4422319913391139, 0.4744129962043689,
                0.4820672592918635, 0.467495196149667, 0.43695113013729675, 0.3989616753872289,
            ]),
    ];

    /// <summary>Our patience, which is one more than libtorch's, the cool-down, and the rates after each loss.</summary>
    public static TheoryData<int, int, double[]> Plateaus { get; } = new()
    {
        {
            2, 0,
            [
                1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625, 0.0625, 0.0625, 0.0625, 0.05, 0.05, 0.05, 0.05, 0.05,
                0.05, 0.05, 0.05, 0.05,
            ]
        },
        {
            3, 2,
            [
                1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125,
                0.125, 0.125,
            ]
        },
        {
            1, 1,
            [
                1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625, 0.0625, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05,
                0.05, 0.05, 0.05, 0.05,
            ]
        },
        {
            4, 4,
            [
                1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25,
            ]
        },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Losses))]
    public void Loss_and_its_gradient_are_those_of_libtorch(Loss loss, int kind, double value, double[] gradient)
    {
        Matrix<double> scores = Matrix<double>.FromArray(
            new double[,] { { 0.5, -1.25, 2, 0.125 }, { 1.5, -0.75, -2, 0.25 }, { 0.875, 1, -0.5, 3 } });
        Matrix<double> shares = Matrix<double>.FromArray(
            new double[,] { { 1, 0, 0.25, 0.5 }, { 0, 1, 1, 0 }, { 0.75, 0.125, 0, 1 } });
        Matrix<double> numbers = Matrix<double>.FromArray(
            new double[,] { { 1, -1, 4, 0 }, { 1.25, -0.5, -2, 2 }, { 0, 1, 0.5, -3 } });
        var found = new Matrix<double>(3, 4);
        Targets<double> targets = kind == Labels
            ? Targets<double>.FromLabels([2, 0, 1])
            : Targets<double>.FromValues(kind == Shares ? shares : numbers);
        Assert.Equal(value, loss.Compute<double>(scores, targets, found), 1e-13);
        Near(gradient, found.AsSpan().ToArray(), 1e-14);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Training_is_that_of_libtorch_and_so_is_what_the_evaluation_loss_measures(Run run)
    {
        (Trainer<double> trainer, Seer seer) = Create(run, run.Losses.Length, null);
        using (trainer)
        {
            TrainingResult result = trainer.Run();
            Near(run.Evaluations, [.. result.Curve.Select(point => point.Training.Loss)], 1e-8);
        }
        Near(run.Losses, [.. seer.Losses], 1e-8);
        Near(run.Weights, NumbersOf(trainer.Model), 1e-8);
    }

    /// <summary>Ended after four steps, and trained further from the checkpoint.</summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void Training_further_from_a_checkpoint_is_that_of_libtorch_without_interruption(Run run)
    {
        var checkpointing = new Checkpointing(_folder["run"]);
        using (Trainer<double> begun = Create(run, 4, checkpointing).Trainer)
            begun.Run();
        using Trainer<double> further = Create(run, run.Losses.Length, checkpointing).Trainer;
        Assert.True(further.TryResume());
        TrainingResult result = further.Run();
        Near(run.Evaluations, [.. result.Curve.Select(point => point.Training.Loss)], 1e-8);
        Near(run.Weights, NumbersOf(further.Model), 1e-8);
    }

    [Theory]
    [MemberData(nameof(Plateaus))]
    public void ReduceOnPlateau_lowers_the_rate_when_libtorch_does(int patience, int coolDown, double[] rates)
    {
        var plateau = new ReduceOnPlateau<double>(0.5, patience, threshold: 1e-3, smallest: 0.05, coolDown: coolDown);
        Model<double> model = new Dense(1).Build<double>(1, 1);
        for (int i = 0; i < Seen.Length; i++)
        {
            plateau.OnEvaluation(new(i, i, 1, new(Seen[i], Seen[i], null, 1), null), model);
            Assert.Equal(rates[i], plateau.RateFactor, 1e-12);
        }
    }

    private static (Trainer<double> Trainer, Seer Seer) Create(Run run, int steps, Checkpointing? checkpointing)
    {
        bool hasLabels = run.Loss.TakesLabels;
        int outputs = hasLabels ? 3 : 1;
        Matrix<double> examples = Matrix<double>.FromArray(Examples);
        Dataset data = hasLabels
            ? new DenseDataset<double>(examples, [0, 1, 2, 1, 0, 2], 3)
            : new DenseDataset<double>(
                examples, Matrix<double>.FromArray(new double[,] { { 1 }, { 3 }, { -2 }, { 2 }, { -1.5 }, { 0.5 } }));
        Model<double> model = new Dense(outputs).Build<double>(3, 1);
        Span<double> weights = model.Parameters[0].Value.AsSpan();
        for (int i = 0; i < weights.Length; i++)
            weights[i] = Math.Round(Math.Sin(i + 1), 3);
        var plan = new TrainingPlan
        {
            Schedule = 0.05,
            Length = TrainingLength.Steps(steps),
            BatchSize = 6,
            Loss = run.Loss,
            EvaluationLoss = run.EvaluationLoss,
            Optimizer = run.Optimizer,
            Evaluation = new() { EveryEpochs = 1 },
        };
        var trainer = new Trainer<double>(model, plan, data) { Checkpointing = checkpointing };
        var seer = new Seer();
        trainer.Callbacks.Add(seer);
        return (trainer, seer);
    }

    private static double[] NumbersOf(Model<double> model) =>
        [.. model.Parameters.SelectMany(parameter => parameter.Value.AsSpan().ToArray())];

    private static void Near(double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], tolerance);
    }

    /// <summary>A short training: what is trained and measured with, and what comes of it; weights, then biases.</summary>
    public sealed record Run(
        Loss Loss, Loss EvaluationLoss, Optimizer Optimizer, double[] Weights, double[] Losses, double[] Evaluations)
    {
        public override string ToString() => $"{Loss}, {Optimizer}, {Losses.Length} steps";
    }

    private sealed class Seer : TrainingCallback<double>
    {
        public List<double> Losses { get; } = [];

        public override TrainingDecision OnStep(in StepReport<double> report)
        {
            Losses.Add(report.Loss);
            return TrainingDecision.Continue;
        }
    }
}
