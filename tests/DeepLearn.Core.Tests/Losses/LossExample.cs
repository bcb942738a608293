using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Tensors;
using DeepLearn.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace DeepLearn.Tests.Losses;

/// <summary>A batch for a row of the table, made from a few whole numbers, so that it can be shrunk and said again.</summary>
public sealed record LossExample(LossCase Row, int Batch, int Outputs, int Scale, int Seed)
{
    private const double Clear = 1e-3;
    private readonly Lazy<Contents> _contents = new(() => new Contents(Row, Batch, Outputs, Scale, Seed));

    /// <summary>
    /// Every row of the table, with small batches; failing ones shrink to fewer examples, fewer outputs and smaller scores.
    /// </summary>
    public static Arbitrary<LossExample> Arbitrary { get; } = Arb.From(
        from row in Gen.Elements<LossCase>(LossCase.All)
        from batch in Gen.Choose(1, 5)
        from outputs in Gen.Choose(2, 12)
        from scale in Gen.Choose(1, 8)
        from seed in Gen.Choose(0, 100_000)
        select new LossExample(row, batch, outputs, scale, seed),
        example => new[]
        {
            example with { Batch = example.Batch - 1 },
            example with { Outputs = example.Outputs - 1 },
            example with { Scale = example.Scale - 1 },
        }.Where(smaller => smaller.Batch >= 1 && smaller.Outputs >= 2 && smaller.Scale >= 1).Select(smaller => smaller.Fresh()));

    public Loss Loss => _contents.Value.Loss;

    public Matrix<double> Scores => _contents.Value.Scores;

    public Targets<double> Targets => TargetsOf(0, Batch);

    public bool HasLabels => Row.Kind == LossCase.TargetKind.Labels;

    public Matrix<double> Values => _contents.Value.Values;

    public int[] Labels => _contents.Value.Labels;

    public Targets<double> TargetsOf(int first, int count) => HasLabels
        ? Targets<double>.FromLabels(_contents.Value.Labels.AsSpan(first, count))
        : Targets<double>.FromValues(_contents.Value.Values.SliceRows(first, count));

    public Targets<float> SingleTargets() => HasLabels
        ? Targets<float>.FromLabels(_contents.Value.Labels)
        : Targets<float>.FromValues(ToSingle(_contents.Value.Values));

    public static Matrix<float> ToSingle(Matrix<double> matrix)
    {
        var single = new Matrix<float>(matrix.Rows, matrix.Columns);
        for (int i = 0; i < matrix.Count; i++)
            single.AsSpan()[i] = (float)matrix.AsSpan()[i];
        return single;
    }

    /// <summary>What the suite is told: the row's targets and kinks, with numbers as large as these.</summary>
    public LossContractOptions Options => new()
    {
        Batch = Math.Max(Batch, 2),
        Outputs = Outputs,
        Scale = Scale,
        Values = Row.Kind switch
        {
            LossCase.TargetKind.Probabilities => LossValues.Probabilities,
            LossCase.TargetKind.YesOrNo => LossValues.Shares,
            LossCase.TargetKind.Numbers => LossValues.Numbers,
            _ => null,
        },
        KinkDistance = Row.Clearance,
        Key = RandomKey.FromSeed((ulong)Seed),
    };

    public override string ToString() => $"{Row.Name}: {Batch} examples of {Outputs} outputs, scale {Scale}, seed {Seed}";

    public bool Equals(LossExample? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    // A copy by "with" keeps the contents of the original.
    private LossExample Fresh() => new(Row, Batch, Outputs, Scale, Seed);

    private sealed class Contents
    {
        public Contents(LossCase row, int batch, int outputs, int scale, int seed)
        {
            RandomStream random = RandomKey.FromSeed((ulong)seed).Open();
            Loss = row.Make(outputs, ref random);
            Scores = new(batch, outputs);
            Values = new(batch, outputs);
            Labels = new int[batch];
            for (int i = 0; i < batch; i++)
            {
                do
                {
                    Labels[i] = random.NextIndex(outputs);
                    foreach (ref double score in Scores.Row(i))
                        score = scale * ((2 * random.NextUniform()) - 1);
                    FillTargets(row.Kind, scale, Values.Row(i), ref random);
                }
                while (row.Clearance is not null && row.Clearance(Loss, Scores.Row(i), Values.Row(i), Labels[i]) < Clear);
            }
        }

        public Loss Loss { get; }

        public Matrix<double> Scores { get; }

        public Matrix<double> Values { get; }

        public int[] Labels { get; }

        private static void FillTargets(LossCase.TargetKind kind, int scale, Span<double> values, ref RandomStream random)
        {
            double sum = 0;
            foreach (ref double value in values)
                sum += value = random.NextUniform();
            foreach (ref double value in values)
            {
                value = kind switch
                {
                    LossCase.TargetKind.Probabilities => value / sum,
                    LossCase.TargetKind.Numbers => scale * ((2 * value) - 1),
                    _ => value < 0.3 ? 0 : value > 0.7 ? 1 : value,
                };
            }
        }
    }
}
