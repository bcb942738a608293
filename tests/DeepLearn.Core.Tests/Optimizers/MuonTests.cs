using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Testing;
using Xunit;

namespace DeepLearn.Tests.Optimizers;

/// <summary>Muon, whose step is of a whole matrix, so that it has no row among the rules for single numbers.</summary>
public class MuonTests
{
    private static readonly PenaltyGradient[] Penalties = [new(0.03, 0), default, new(0.1, 0)];

    public static TheoryData<Muon> Options =>
    [
        new Muon(),
        new Muon { Momentum = 0.6, Iterations = 3, Scale = MuonScale.None, NormalizesWeights = true },
        new Muon { Nesterov = false, Iterations = 1, Scale = MuonScale.LikeAdam, WeightDecay = 0.2 },
        new Muon { Momentum = 0, Iterations = 6, WeightDecay = 0.1, DecayAppliesTo = ParameterSelection.All },
    ];

    [Theory]
    [MemberData(nameof(Options))]
    public void Muon_keeps_the_contract_of_optimizers(Muon muon)
    {
        // Weights that each step brings to one length do not come to rest where a cost is least.
        double? rate = muon.NormalizesWeights || muon.WeightDecay > 0 ? null : 0.1;
        OptimizerContract.Check(muon, new() { MinimizingRate = rate }).ThrowIfFailed();
        var rule = new ParameterRule(ParameterSelection.Weights) { Optimizer = muon };
        OptimizerContract.Check(new AdamW().WithRules([rule]).WithLookahead()).ThrowIfFailed();
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Muon_step_equals_its_definition(Muon muon)
    {
        Agrees<double>(muon, 1e-12);
        Agrees<float>(muon, 2e-4);
    }

    [Fact]
    public void Muon_direction_has_singular_values_about_1()
    {
        foreach ((int rows, int columns) in new[] { (12, 12), (40, 7), (5, 33) })
        {
            var parameter = new Parameter<double>("dense1/weights", ParameterRole.Weights, rows, columns);
            RandomStream random = RandomKey.FromSeed(7).Open();
            foreach (ref double derivative in parameter.Gradient.AsSpan())
                derivative = 1e-3 * ((2 * random.NextUniform()) - 1);
            new Muon { Momentum = 0, Scale = MuonScale.None }.CreateRuntime<double>([parameter]).Step(1, new PenaltyGradient[1], 0);
            int side = Math.Min(rows, columns);
            double[][] step = Rows(parameter.Value.AsSpan(), rows, columns);
            var gram = new double[side * side];
            for (int i = 0; i < side; i++)
            {
                for (int j = 0; j < side; j++)
                {
                    gram[(i * side) + j] = rows >= columns
                        ? Enumerable.Range(0, rows).Sum(k => step[k][i] * step[k][j])
                        : Enumerable.Range(0, columns).Sum(k => step[i][k] * step[j][k]);
                }
            }
            double[] squares = DeepLearn.Kernels.SymmetricEigen.Decompose(gram, side, out _);
            Assert.All(squares, square => Assert.InRange(Math.Sqrt(square), rows == columns ? 0.05 : 0.6, 1.3));
            Assert.InRange(squares.Average(Math.Sqrt), 0.7, 1.15);
        }
    }

    /// <summary>A trainer may be made before weights are loaded into its model.</summary>
    [Fact]
    public void Lookahead_begins_with_the_weights_of_its_first_step()
    {
        IReadOnlyList<Parameter<float>> first = OptimizerContractTests.Make<float>(3), other = OptimizerContractTests.Make<float>(3);
        Optimizer lookahead = new Sgd().WithLookahead(2, 0.5);
        OptimizerRuntime<float> before = lookahead.CreateRuntime(first);
        Set(first);
        Set(other);
        OptimizerRuntime<float> after = lookahead.CreateRuntime(other);
        for (int step = 0; step < 2; step++)
        {
            before.Step(0.1, new PenaltyGradient[3], step);
            after.Step(0.1, new PenaltyGradient[3], step);
        }
        for (int p = 0; p < 3; p++)
            Assert.Equal(other[p].Value.AsSpan(), first[p].Value.AsSpan());

        static void Set(IReadOnlyList<Parameter<float>> parameters)
        {
            foreach (Parameter<float> parameter in parameters)
            {
                parameter.Value.AsSpan().Fill(7);
                parameter.Gradient.AsSpan().Fill(1);
            }
        }
    }

    [Fact]
    public void Muon_gradient_of_zeros_changes_nothing()
    {
        IReadOnlyList<Parameter<float>> parameters = OptimizerContractTests.Make<float>(3);
        float[] before = parameters[0].Value.AsSpan().ToArray();
        foreach (Parameter<float> parameter in parameters)
            parameter.Gradient.AsSpan().Clear();
        new Muon().CreateRuntime(parameters).Step(0.1, new PenaltyGradient[3], 0);
        Assert.Equal(before, parameters[0].Value.AsSpan().ToArray());
    }

    [Fact]
    public void Muon_of_no_parameters_does_nothing()
    {
        OptimizerRuntime<float> runtime = new Muon().CreateRuntime<float>([]);
        runtime.Step(0.1, [], 0);
        Assert.Empty(runtime.State);
    }

    [Fact]
    public void Muon_and_Lookahead_with_impossible_options_are_refused()
    {
        Assert.Contains("from 1 to 20", Assert.Throws<ArgumentOutOfRangeException>(() => new Muon { Iterations = 0 }).Message);
        Assert.Contains("Momentum", Assert.Throws<ArgumentOutOfRangeException>(() => new Muon { Momentum = 1 }).Message);
        Assert.Contains("LikeAdam", Assert.Throws<ArgumentOutOfRangeException>(() => new Muon { Scale = (MuonScale)9 }).Message);
        Assert.Contains("Steps", Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd().WithLookahead(0)).Message);
        Assert.Contains("share", Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd().WithLookahead(5, 0)).Message);
        Assert.Contains("share", Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd().WithLookahead(5, double.NaN)).Message);
    }

    private static void Agrees<T>(Muon muon, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IReadOnlyList<Parameter<T>> parameters = OptimizerContractTests.Make<T>(4);
        double[][][] values = [.. parameters.Select(parameter => Rows(
            Array.ConvertAll(parameter.Value.AsSpan().ToArray(), double.CreateChecked), parameter.Value.Rows, parameter.Value.Columns))];
        double[][][] velocities = [.. values.Select(value => value.Select(row => new double[row.Length]).ToArray())];
        OptimizerRuntime<T> runtime = muon.CreateRuntime(parameters);
        for (int step = 0; step < 6; step++)
        {
            double rate = 0.1 / (1 + step);
            for (int i = 0; i < values.Length; i++)
            {
                RandomStream random = RandomKey.FromSeed((ulong)step).Derive(i).Open();
                double[] drawn = [.. parameters[i].Value.AsSpan().ToArray().Select(_ => (double)(float)((2 * random.NextUniform()) - 1))];
                for (int j = 0; j < drawn.Length; j++)
                    parameters[i].Gradient.AsSpan()[j] = T.CreateChecked(drawn[j]);
                double[][] gradient = Rows(drawn, parameters[i].Value.Rows, parameters[i].Value.Columns);
                for (int r = 0; r < gradient.Length; r++)
                {
                    for (int c = 0; c < gradient[r].Length; c++)
                        gradient[r][c] += Penalties[i].Linear * values[i][r][c];
                }
                bool decays = i != 1 || muon.DecayAppliesTo == ParameterSelection.All;
                Move(muon, values[i], gradient, velocities[i], rate, decays ? muon.WeightDecay : 0);
            }
            runtime.Step(rate, Penalties, step);
        }
        for (int i = 0; i < values.Length; i++)
        {
            double[] expected = [.. values[i].SelectMany(row => row)];
            for (int j = 0; j < expected.Length; j++)
                Assert.Equal(expected[j], double.CreateChecked(parameters[i].Value.AsSpan()[j]), tolerance);
        }
    }

    // By the book: rows are inputs, columns outputs.
    private static void Move(Muon muon, double[][] w, double[][] g, double[][] v, double rate, double decay)
    {
        int rows = w.Length, columns = w[0].Length;
        double[][] x = Make(rows, columns, (r, c) =>
        {
            v[r][c] = (muon.Momentum * v[r][c]) + g[r][c];
            return muon.Nesterov ? g[r][c] + (muon.Momentum * v[r][c]) : v[r][c];
        });
        double length = Length(x) + 1e-7, ofWeights = Length(w);
        x = Make(rows, columns, (r, c) => x[r][c] / length);
        for (int i = 0; i < muon.Iterations; i++)
        {
            double[][] cube = Times(x, Times(Turned(x), x)), fifth = Times(cube, Times(Turned(x), x)), before = x;
            x = Make(rows, columns, (r, c) => (3.4445 * before[r][c]) - (4.7750 * cube[r][c]) + (2.0315 * fifth[r][c]));
        }
        double scale = muon.Scale switch
        {
            MuonScale.None => 1,
            MuonScale.LikeAdam => 0.2 * Math.Sqrt(Math.Max(rows, columns)),
            _ => Math.Sqrt(Math.Max(1, columns / (double)rows)),
        };
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                if (muon.NormalizesWeights)
                    w[r][c] *= Math.Sqrt(columns) / ofWeights;
                w[r][c] -= rate * ((scale * x[r][c]) + (decay * w[r][c]));
            }
        }
    }

    private static double Length(double[][] x) => Math.Sqrt(x.Sum(row => row.Sum(element => element * element)));

    private static double[][] Make(int rows, int columns, Func<int, int, double> element) =>
        [.. Enumerable.Range(0, rows).Select(r => Enumerable.Range(0, columns).Select(c => element(r, c)).ToArray())];

    private static double[][] Turned(double[][] x) => Make(x[0].Length, x.Length, (r, c) => x[c][r]);

    private static double[][] Times(double[][] a, double[][] b) =>
        Make(a.Length, b[0].Length, (r, c) => Enumerable.Range(0, b.Length).Sum(k => a[r][k] * b[k][c]));

    private static double[][] Rows(ReadOnlySpan<double> numbers, int rows, int columns)
    {
        double[] all = numbers.ToArray();
        return Make(rows, columns, (r, c) => all[(r * columns) + c]);
    }
}
