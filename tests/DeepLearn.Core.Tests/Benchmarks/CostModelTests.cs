using DeepLearn.Benchmarks.Ratios;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class CostModelTests
{
    private static readonly (double Flops, long Parameters, double Activations)[] Steps =
    [
        .. from hidden in new[] { 10, 50, 200, 512 }
           from batch in new[] { 1, 32, 256 }
           select (4e4 * hidden * batch, 3083L * hidden, batch * (3082.0 + (hidden * hidden / 40.0))),
    ];

    [Fact]
    public void CostModel_fit_finds_the_prices_that_rows_were_made_of()
    {
        StepCost[] rows =
            [.. Steps.Select(step => Row(step, 2.5 + (step.Flops / 200e3) + (step.Parameters * 90e-6) + (step.Activations * 110e-6)))];
        var model = CostModel.Fit(rows);
        Assert.Equal(2.5, model.Call, 6);
        Assert.Equal(200, model.Gflops, 6);
        Assert.Equal(90, model.PerMillionParameters, 6);
        Assert.Equal(110, model.PerMillionActivations, 6);
        Assert.All(model.Errors, error => Assert.Equal(0, error, 9));
        Assert.Equal(rows[5].Step.Median, model.Predict(rows[5]), 6);
    }

    [Fact]
    public void CostModel_fit_minimizes_relative_errors()
    {
        // Half of the steps of one size are a tenth too long, half a tenth too short: least squares of absolute errors would end at 1,
        // those of relative errors lie at the mean of 1 / t over that of 1 / t^2.
        double[] times = [.. Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? 0.9 : 1.1)];
        var model = CostModel.Fit([.. times.Select(time => Row((0, 0, 0), 100 * time))]);
        Assert.Equal(100 * times.Sum(time => 1 / time) / times.Sum(time => 1 / (time * time)), model.Call, 6);
        Assert.Equal((model.Call / 90) - 1, model.Errors[0], 9);
    }

    [Fact]
    public void CostModel_prices_are_never_negative()
    {
        // The more activations, the shorter: there is no such price.
        StepCost[] rows = [.. Steps.Select(step => Row(step, 1000 + (step.Flops / 200e3) - (step.Activations * 100e-6)))];
        var model = CostModel.Fit(rows);
        Assert.Equal(0, model.PerMillionActivations);
        Assert.True(model.Call > 0 && model.Gflops > 0 && model.PerMillionParameters >= 0);
        Assert.InRange(model.Errors.Max(Math.Abs), 1e-6, 0.1);
    }

    [Fact]
    public void CostModel_of_too_few_rows_is_refused() =>
        Assert.Throws<ArgumentException>(() => CostModel.Fit([.. Steps.Take(CostModel.LeastRows - 1).Select(step => Row(step, 1))]));

    private static StepCost Row((double Flops, long Parameters, double Activations) step, double microseconds) =>
        new("3072-50-10", 100, "float", step.Parameters, step.Flops, step.Activations, new(microseconds, microseconds, microseconds));
}
