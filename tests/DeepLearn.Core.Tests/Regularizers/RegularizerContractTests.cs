using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Testing;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Regularizers;

/// <summary>
/// What holds of every regularizer; the suite is <see cref="RegularizerContract"/>. A new one joins by a row of
/// <see cref="RegularizerCase.All"/>.
/// </summary>
public class RegularizerContractTests
{
    public static TheoryData<RegularizerCase> Rows => [.. RegularizerCase.All];

    [Fact]
    public void Regularizers_of_the_library_all_have_a_contract_row() => Assert.Empty(
        LibraryTypes.Of<Regularizer>().Except(
            RegularizerCase.All.SelectMany(row => row.Regularizer.Split()).Select(part => part.GetType())));

    [Property(MaxTest = 60)]
    public Property Regularizer_keeps_the_contract() => Prop.ForAll(
        (from row in Gen.Elements<RegularizerCase>(RegularizerCase.All)
         from rows in Gen.Choose(1, 9)
         from columns in Gen.Choose(1, 150)
         from seed in Gen.Choose(0, 10_000)
         select (row, rows, columns, seed)).ToArbitrary(),
        test => RegularizerContract.Check(test.row.Regularizer, test.row.Options with
        {
            Rows = test.rows,
            Columns = test.columns,
            Key = RandomKey.FromSeed((ulong)test.seed),
        }).ThrowIfFailed());

    [Theory]
    [MemberData(nameof(Rows))]
    public void Regularization_of_a_model_applies_the_regularizer_to_each_selected_parameter(RegularizerCase row)
    {
        Parameter<double>[] parameters = MakeParameters();
        Regularizer regularizer = row.Regularizer;
        var runtime = new Regularization<double>(regularizer, parameters);
        Assert.Equal(
            parameters[0].Value.AsSpan().ToArray().Sum(row.Penalty) + parameters[2].Value.AsSpan().ToArray().Sum(row.Penalty),
            runtime.Penalty(), 1e-12);
        Assert.Equal(runtime.Penalty(), regularizer.TotalPenalty(parameters));
        for (int i = 0; i < parameters.Length; i++)
        {
            Matrix<double> expected = Matrix<double>.CopyOf(parameters[i].Gradient);
            if (parameters[i].Role == ParameterRole.Weights)
                regularizer.AddGradient<double>(parameters[i].Value, expected);
            Matrix<double> before = Matrix<double>.CopyOf(parameters[i].Gradient);
            runtime.AddOtherGradient(i);
            Assert.Equal(runtime.Gradients[i].HasOther, !before.AsSpan().SequenceEqual(parameters[i].Gradient.AsSpan()));
            runtime.Gradients[i].AddTo<double>(parameters[i].Value.View, parameters[i].Gradient.View);
            for (int j = 0; j < expected.Count; j++)
                Assert.Equal(expected.AsSpan()[j], parameters[i].Gradient.AsSpan()[j], 1e-14);
            before.AsSpan().CopyTo(parameters[i].Gradient.AsSpan());
            regularizer.AddGradientTo(parameters[i]);
            for (int j = 0; j < expected.Count; j++)
                Assert.Equal(expected.AsSpan()[j], parameters[i].Gradient.AsSpan()[j], 1e-15);
            Matrix<double> projected = Matrix<double>.CopyOf(parameters[i].Value);
            if (parameters[i].Role == ParameterRole.Weights)
                regularizer.Project<double>(projected);
            runtime.Project(i);
            Assert.Equal(projected.AsSpan().ToArray(), parameters[i].Value.AsSpan().ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Regularization_allocates_nothing(RegularizerCase row)
    {
        var runtime = new Regularization<double>(row.Regularizer, MakeParameters());
        Assert.Equal(0, Allocation.Of(() =>
        {
            runtime.Penalty();
            for (int i = 0; i < runtime.Gradients.Length; i++)
            {
                runtime.AddOtherGradient(i);
                runtime.Project(i);
            }
        }));
    }

    internal static Parameter<double>[] MakeParameters()
    {
        Parameter<double>[] parameters =
        [
            new("dense1/weights", ParameterRole.Weights, 30, 7),
            new("dense1/biases", ParameterRole.Biases, 1, 7),
            new("dense2/weights", ParameterRole.Weights, 7, 3),
            new("norm/scale", ParameterRole.NormalizationScale, 1, 3),
        ];
        foreach (Parameter<double> parameter in parameters)
        {
            Random(parameter.Value.Rows, parameter.Value.Columns, 5).AsSpan().CopyTo(parameter.Value.AsSpan());
            Random(parameter.Value.Rows, parameter.Value.Columns, 6).AsSpan().CopyTo(parameter.Gradient.AsSpan());
        }
        return parameters;
    }

    /// <summary>Numbers between -1 and 1 that keep 0.001 from 0.</summary>
    private static Matrix<double> Random(int rows, int columns, int seed)
    {
        var matrix = new Matrix<double>(rows, columns);
        RandomStream random = RandomKey.FromSeed((ulong)seed).Open();
        foreach (ref double value in matrix.AsSpan())
        {
            double x = (2 * random.NextUniform()) - 1;
            value = Math.CopySign(0.001 + (0.999 * Math.Abs(x)), x);
        }
        return matrix;
    }
}
