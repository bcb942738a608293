using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Testing;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Optimizers;

/// <summary>
/// What holds of every optimizer; the suite is <see cref="OptimizerContract"/>. A new one joins by a row of
/// <see cref="OptimizerCase.All"/>.
/// </summary>
public class OptimizerContractTests
{
    // Some penalty on weights, none on biases, and a number of elements that no vector divides.
    private static readonly double[] Linear = [0.03, 0, 0.1];
    private static readonly PenaltyGradient[] Penalties = [.. Linear.Select(linear => new PenaltyGradient(linear, 0))];
    private static readonly PenaltyGradient[] None = new PenaltyGradient[3];

    public static TheoryData<OptimizerCase> Rows => [.. OptimizerCase.All];

    [Fact]
    public void Optimizers_of_the_library_all_have_a_contract_row() =>
        Assert.Empty(LibraryTypes.Of<Optimizer>().Except([typeof(Muon), .. OptimizerCase.All.Select(row => row.Optimizer.GetType())]));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_keeps_the_contract(OptimizerCase row) =>
        OptimizerContract.Check(row.Optimizer, new() { MinimizingRate = row.Rate }).ThrowIfFailed();

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_declares_what_it_can_do_besides(OptimizerCase row)
    {
        OptimizerRuntime<double> runtime = row.Optimizer.CreateRuntime(Make<double>(9));
        Assert.Equal(row.Clip is null || row.Optimizer is NormClipping, runtime is IPenaltyFusingOptimizer<double>);
        Assert.Equal(row.Optimizer is Sgd { Momentum: 0 }, runtime is IAccumulatingOptimizer<double>);
        if (runtime is not IAccumulatingOptimizer<double> accumulating)
            return;
        Assert.False(accumulating.TryGetDirectUpdate(0, 0.01, Penalties[0] with { Sign = 0.1 }, out _, out _));
        Assert.True(accumulating.TryGetDirectUpdate(0, 0.01, Penalties[0], out _, out _));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_step_equals_its_definition(OptimizerCase row)
    {
        Agrees<double>(row, 1e-12);
        Agrees<float>(row, 2e-4);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_step_with_a_wrong_number_of_regularizer_factors_is_refused(OptimizerCase row) =>
        Assert.Contains(
            "found 2", Assert.Throws<ArgumentException>(() => row.Optimizer.CreateRuntime(Make<float>(1)).Step(0.1, None[1..], 0)).Message);

    internal static IReadOnlyList<Parameter<T>> Make<T>(int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Parameter<T>[] parameters =
        [
            new("dense1/weights", ParameterRole.Weights, 7, 5),
            new("dense1/biases", ParameterRole.Biases, 1, 5),
            new("dense2/weights", ParameterRole.Weights, 5, 21),
        ];
        RandomStream random = RandomKey.FromSeed((ulong)seed).Open();
        foreach (Parameter<T> parameter in parameters)
        {
            foreach (ref T value in parameter.Value.AsSpan())
                value = T.CreateChecked((float)((2 * random.NextUniform()) - 1));
        }
        return parameters;
    }

    private static void FillGradients<T>(IReadOnlyList<Parameter<T>> parameters, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RandomStream random = RandomKey.FromSeed(99).Derive(step).Open();
        foreach (Parameter<T> parameter in parameters)
        {
            foreach (ref T derivative in parameter.Gradient.AsSpan())
                derivative = T.CreateChecked((float)((2 * random.NextUniform()) - 1));
        }
    }

    private static void Agrees<T>(OptimizerCase row, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IReadOnlyList<Parameter<T>> parameters = Make<T>(4);
        double[][] values = [.. parameters.Select(parameter => ToDouble<T>(parameter.Value.AsSpan()))];
        double[][] a = [.. values.Select(value => new double[value.Length])], b = [.. values.Select(value => new double[value.Length])];
        OptimizerRuntime<T> runtime = row.Optimizer.CreateRuntime(parameters);
        for (int step = 0; step < 30; step++)
        {
            double rate = 0.01 / (1 + step);
            FillGradients(parameters, step);
            double[][] gradients = [.. parameters.Select((parameter, i) =>
                ToDouble<T>(parameter.Gradient.AsSpan()).Select((g, j) => g + (Linear[i] * values[i][j])).ToArray())];
            row.Clip?.Invoke(gradients);
            for (int i = 0; i < values.Length; i++)
            {
                for (int j = 0; j < values[i].Length; j++)
                {
                    values[i][j] = row.Move(
                        values[i][j], gradients[i][j], ref a[i][j], ref b[i][j], step + 1, rate, Decays(row, parameters[i].Role));
                }
            }
            runtime.Step(rate, Penalties, step);
        }
        for (int i = 0; i < values.Length; i++)
            Near(values[i], ToDouble<T>(parameters[i].Value.AsSpan()), tolerance);
    }

    private static bool Decays(OptimizerCase row, ParameterRole role) =>
        role == ParameterRole.Weights || row.Optimizer is Sgd { DecayAppliesTo.Roles.Count: > 1 };

    private static double[] ToDouble<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = double.CreateChecked(values[i]);
        return result;
    }

    private static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<double> found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], tolerance);
    }
}
