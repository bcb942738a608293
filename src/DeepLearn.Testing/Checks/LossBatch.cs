using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Tensors;

namespace DeepLearn.Testing.Checks;

/// <summary>A batch of outputs and targets that a loss is tried on, at both precisions.</summary>
internal sealed class LossBatch
{
    private const double Clear = 1e-3;
    private const int Tries = 10_000;

    private LossBatch(bool hasLabels, Matrix<double> outputs, int[] labels, Matrix<double> values) =>
        (HasLabels, Outputs, Labels, Values) = (hasLabels, outputs, labels, values);

    public bool HasLabels { get; }

    public Matrix<double> Outputs { get; }

    public int[] Labels { get; }

    public Matrix<double> Values { get; }

    public int Count => Outputs.Rows;

    public string Kind => HasLabels ? "labels" : "values";

    /// <summary>A batch for each kind of targets that the loss takes.</summary>
    public static LossBatch[] AllOf(Loss loss, LossContractOptions options) =>
    [
        .. new[] { true, false }
            .Where(hasLabels => hasLabels ? loss.TakesLabels : loss.TakesValues)
            .Select(hasLabels => Make(loss, options, hasLabels)),
    ];

    /// <summary>The same targets under other outputs.</summary>
    public LossBatch With(Matrix<double> outputs) => new(HasLabels, outputs, Labels, Values);

    /// <summary>Some of the examples.</summary>
    public LossBatch Slice(int first, int count) => new(
        HasLabels,
        Matrix<double>.CopyOf(Outputs.SliceRows(first, count)),
        Labels.Length == 0 ? [] : Labels[first..(first + count)],
        Values.Count == 0 ? Values : Matrix<double>.CopyOf(Values.SliceRows(first, count)));

    /// <summary>The loss, and the gradient where a matrix for it is given.</summary>
    public double Compute(Loss loss, Matrix<double>? gradient = null) => Compute(loss, Outputs, TargetsOf(Labels, Values), gradient);

    /// <summary>The same at float.</summary>
    public (double Loss, float[] Gradient) ComputeFloat(Loss loss)
    {
        Matrix<float> outputs = Numbers.At<float>(Outputs), gradient = Numbers.Filled(outputs.Rows, outputs.Columns, float.NaN);
        return (Compute(loss, outputs, TargetsOf(Labels, Numbers.At<float>(Values)), gradient), gradient.AsSpan().ToArray());
    }

    /// <summary>The gradient, written over NaN.</summary>
    public double[] Gradient(Loss loss)
    {
        Matrix<double> gradient = Numbers.Filled(Outputs.Rows, Outputs.Columns, double.NaN);
        Compute(loss, gradient);
        return gradient.AsSpan().ToArray();
    }

    public static double Compute<T>(Loss loss, Matrix<T> outputs, Targets<T> targets, Matrix<T>? gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        loss.Compute(outputs, targets, gradient is null ? default : gradient.View);

    public Targets<T> TargetsOf<T>(int[] labels, Matrix<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        HasLabels ? Targets<T>.FromLabels(labels) : Targets<T>.FromValues(values);

    private static LossBatch Make(Loss loss, LossContractOptions options, bool hasLabels)
    {
        RandomStream random = options.Key.Derive(hasLabels ? "labels" : "values").Open();
        LossValues kind = options.Values ?? (loss.TakesLabels ? LossValues.Probabilities : LossValues.Numbers);
        var outputs = new Matrix<double>(options.Batch, options.Outputs);
        var values = new Matrix<double>(hasLabels ? 0 : options.Batch, options.ValuesPerExample ?? options.Outputs);
        var labels = new int[hasLabels ? options.Batch : 0];
        for (int i = 0; i < options.Batch; i++)
        {
            int tries = 0;
            do
            {
                Expect.That(++tries < Tries, $"an example at least {Clear} away from every kink", $"none in {Tries} tries");
                foreach (ref double output in outputs.Row(i))
                    output = (float)(options.Scale * ((2 * random.NextUniform()) - 1));
                if (hasLabels)
                    labels[i] = random.NextIndex(options.Classes ?? options.Outputs);
                else
                    FillValues(values.Row(i), kind, options.Scale, ref random);
            }
            while (options.KinkDistance?.Invoke(loss, outputs.Row(i), hasLabels ? [] : values.Row(i), hasLabels ? labels[i] : -1) < Clear);
        }
        return new(hasLabels, outputs, labels, values);
    }

    private static void FillValues(Span<double> values, LossValues kind, double scale, ref RandomStream random)
    {
        double sum = 0;
        foreach (ref double value in values)
            sum += value = random.NextUniform();
        foreach (ref double value in values)
        {
            // Of the shares some are 0 and some are 1, as those of yes and no are.
            value = kind switch
            {
                LossValues.Probabilities => value / sum,
                LossValues.Shares => value < 0.3 ? 0 : value > 0.7 ? 1 : value,
                _ => scale * ((2 * value) - 1),
            };
        }
    }
}
