using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Optimizers;

/// <summary>What holds of every optimizer; a new one joins by a row of <see cref="OptimizerCase.All"/>.</summary>
public class OptimizerContractTests
{
    // Some penalty on weights, none on biases, and a number of elements that no vector divides.
    private static readonly double[] Linear = [0.03, 0, 0.1];
    private static readonly PenaltyGradient[] Penalties = [.. Linear.Select(linear => new PenaltyGradient(linear, 0))];
    private static readonly PenaltyGradient[] None = new PenaltyGradient[3];

    public static TheoryData<OptimizerCase> Rows => [.. OptimizerCase.All];

    [Fact]
    public void Optimizers_of_the_library_all_have_a_contract_row() =>
        Assert.Empty(LibraryTypes.Of<Optimizer>().Except(OptimizerCase.All.Select(row => row.Optimizer.GetType())));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_step_equals_its_definition(OptimizerCase row)
    {
        Agrees<double>(row, 1e-12);
        Agrees<float>(row, 2e-4);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_minimizes_a_convex_cost(OptimizerCase row)
    {
        const int Steps = 600;
        IReadOnlyList<Parameter<double>> parameters = Make<double>(5);
        OptimizerRuntime<double> runtime = row.Optimizer.CreateRuntime(parameters);
        double first = Quadratic(parameters);
        for (int step = 0; step < Steps; step++)
        {
            Quadratic(parameters);
            runtime.Step(row.Rate * (1 - ((double)step / Steps)), None, step);
        }
        double last = Quadratic(parameters);
        Assert.True(last < 2e-3 * first, $"The cost went from {first} to {last}.");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_folded_L1_signs_equal_signs_added_to_the_gradient(OptimizerCase row)
    {
        PenaltyGradient[] signs = [new(0.03, 0.02), new(0, 0), new(0.1, 0.3)];
        IReadOnlyList<Parameter<double>> folded = Make<double>(8), added = Make<double>(8);
        folded[2].Value.AsSpan()[1] = added[2].Value.AsSpan()[1] = 0;
        OptimizerRuntime<double> runtime = row.Optimizer.CreateRuntime(folded), other = row.Optimizer.CreateRuntime(added);
        Assert.Equal(row.Clip is null || row.Optimizer is NormClipping, runtime is IPenaltyFusingOptimizer<double>);
        for (int step = 0; step < 6; step++)
        {
            FillGradients(folded, step);
            FillGradients(added, step);
            for (int i = 0; i < signs.Length; i++)
                new L1(signs[i].Sign).AddGradient<double>(added[i].Value.View, added[i].Gradient.View);
            runtime.Step(row.Rate, signs, step);
            other.Step(row.Rate, Penalties, step);
            for (int i = 0; i < signs.Length; i++)
            {
                for (int j = 0; j < added[i].Value.Count; j++)
                    Assert.Equal(added[i].Value.AsSpan()[j], folded[i].Value.AsSpan()[j], 1e-13);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_resumed_from_its_state_takes_the_same_steps(OptimizerCase row)
    {
        IReadOnlyList<Parameter<float>> parameters = Make<float>(6), others = Make<float>(7);
        OptimizerRuntime<float> runtime = row.Optimizer.CreateRuntime(parameters);
        for (int step = 0; step < 10; step++)
            Run(runtime, step);
        OptimizerRuntime<float> resumed = row.Optimizer.CreateRuntime(others);
        for (int i = 0; i < parameters.Count; i++)
            parameters[i].Value.AsSpan().CopyTo(others[i].Value.AsSpan());
        Assert.Equal(runtime.State.Select(buffer => buffer.Name), resumed.State.Select(buffer => buffer.Name));
        for (int i = 0; i < runtime.State.Count; i++)
            runtime.State[i].Value.AsSpan().CopyTo(resumed.State[i].Value.AsSpan());
        for (int step = 10; step < 20; step++)
        {
            Run(runtime, step);
            Run(resumed, step);
        }
        for (int i = 0; i < parameters.Count; i++)
            Assert.Equal(parameters[i].Value.AsSpan().ToArray(), others[i].Value.AsSpan().ToArray());

        static void Run(OptimizerRuntime<float> runtime, int step)
        {
            FillGradients(runtime.Parameters, step);
            runtime.Step(0.01, Penalties, step);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_folded_L2_gradient_equals_one_added_to_the_gradient(OptimizerCase row)
    {
        IReadOnlyList<Parameter<double>> folded = Make<double>(8), added = Make<double>(8);
        OptimizerRuntime<double> left = row.Optimizer.CreateRuntime(folded), right = row.Optimizer.CreateRuntime(added);
        for (int step = 0; step < 5; step++)
        {
            FillGradients(folded, step);
            FillGradients(added, step);
            for (int i = 0; i < added.Count; i++)
            {
                for (int j = 0; j < added[i].Value.Count; j++)
                    added[i].Gradient.AsSpan()[j] += Linear[i] * added[i].Value.AsSpan()[j];
            }
            left.Step(0.01, Penalties, step);
            right.Step(0.01, None, step);
        }
        for (int i = 0; i < folded.Count; i++)
            Near(folded[i].Value.AsSpan(), added[i].Value.AsSpan(), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_direct_update_equals_its_ordinary_update(OptimizerCase row)
    {
        IReadOnlyList<Parameter<double>> parameters = Make<double>(9);
        OptimizerRuntime<double> runtime = row.Optimizer.CreateRuntime(parameters);
        FillGradients(parameters, 0);
        for (int i = 0; i < parameters.Count; i++)
        {
            Assert.Equal(row.Optimizer is Sgd { Momentum: 0 }, runtime is IAccumulatingOptimizer<double>);
            if (runtime is not IAccumulatingOptimizer<double> accumulating)
                continue;
            Assert.False(accumulating.TryGetDirectUpdate(i, 0.01, Penalties[i] with { Sign = 0.1 }, out _, out _));
            Assert.True(accumulating.TryGetDirectUpdate(i, 0.01, Penalties[i], out double scale, out double keep));
            double[] expected = [.. Enumerable.Range(0, parameters[i].Value.Count).Select(j =>
                (keep * parameters[i].Value.AsSpan()[j]) + (scale * parameters[i].Gradient.AsSpan()[j]))];
            runtime.UpdateParameter(i, 0.01, Penalties[i], 0);
            Near(expected, parameters[i].Value.AsSpan(), 1e-14);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_step_allocates_nothing(OptimizerCase row)
    {
        OptimizerRuntime<float> runtime = row.Optimizer.CreateRuntime(Make<float>(10));
        FillGradients(runtime.Parameters, 0);
        long step = 0;
        Assert.Equal(0, Allocation.Of(() => runtime.Step(0.01, Penalties, step++)));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_step_on_several_threads_is_reproducible_bit_for_bit(OptimizerCase row)
    {
        using var workers = new WorkerPool(3);
        float[] alone = Train(WorkerPool.Single), together = Train(workers);
        Assert.Equal(alone, together);

        float[] Train(WorkerPool pool)
        {
            Parameter<float>[] parameters = [new("dense1/weights", ParameterRole.Weights, 301, 211)];
            OptimizerRuntime<float> runtime = row.Optimizer.CreateRuntime(parameters);
            runtime.Workers = pool;
            for (int step = 0; step < 3; step++)
            {
                FillGradients(parameters, step);
                runtime.Step(0.01, [new(0.03, 0)], step);
            }
            return parameters[0].Value.AsSpan().ToArray();
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_state_is_named_and_shaped_as_its_parameters(OptimizerCase row)
    {
        IReadOnlyList<Parameter<double>> parameters = Make<double>(11);
        OptimizerRuntime<double> runtime = row.Optimizer.CreateRuntime(parameters);
        Assert.Equal(runtime.State.Count, runtime.State.Select(buffer => buffer.Name).Distinct().Count());
        foreach (StateBuffer<double> buffer in runtime.State)
        {
            Parameter<double> owner = parameters.Single(parameter => buffer.Name.StartsWith(parameter.Name + "/", StringComparison.Ordinal));
            Assert.Equal((owner.Value.Rows, owner.Value.Columns), (buffer.Value.Rows, buffer.Value.Columns));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_NaN_in_the_gradient_reaches_the_weights(OptimizerCase row)
    {
        IReadOnlyList<Parameter<float>> parameters = Make<float>(12);
        OptimizerRuntime<float> runtime = row.Optimizer.CreateRuntime(parameters);
        FillGradients(parameters, 0);
        parameters[0].Gradient[1, 1] = float.NaN;
        runtime.Step(0.01, Penalties, 0);
        Assert.True(float.IsNaN(parameters[0].Value[1, 1]));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Optimizer_step_with_a_wrong_number_of_regularizer_factors_is_refused(OptimizerCase row) =>
        Assert.Contains("found 2", Assert.Throws<ArgumentException>(() => row.Optimizer.CreateRuntime(Make<float>(1)).Step(0.1, None[1..], 0)).Message);

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
                    values[i][j] = row.Move(values[i][j], gradients[i][j], ref a[i][j], ref b[i][j], step + 1, rate, Decays(row, parameters[i].Role));
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

    /// <summary>Half the weighted squares of the distances from a target, with curvatures from 1 to 10; its gradient goes to the parameters.</summary>
    private static double Quadratic(IReadOnlyList<Parameter<double>> parameters)
    {
        double cost = 0;
        foreach (Parameter<double> parameter in parameters)
        {
            for (int j = 0; j < parameter.Value.Count; j++)
            {
                double curvature = 1 + (9.0 * j / parameter.Value.Count), distance = parameter.Value.AsSpan()[j] - Math.Sin(j);
                cost += 0.5 * curvature * distance * distance;
                parameter.Gradient.AsSpan()[j] = curvature * distance;
            }
        }
        return cost;
    }

    private static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<double> found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], tolerance);
    }
}
