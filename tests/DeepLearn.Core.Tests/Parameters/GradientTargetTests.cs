using DeepLearn.Parameters;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Parameters;

public class GradientTargetTests
{
    [Fact]
    public void GradientTarget_that_writes_does_not_read_what_stood_there()
    {
        var parameter = new Parameter<double>("dense1/weights", ParameterRole.Weights, 2, 3);
        Assert.False(parameter.HasGradient);
        GradientTarget<double>[] targets = GradientTargets<double>.Writing([parameter]);
        Assert.True(parameter.HasGradient);
        parameter.Gradient.View.Fill(double.NaN);
        targets[0].Write(Numbers(2, 3));
        Assert.Equal([1, 2, 3, 4, 5, 6], parameter.Gradient.AsSpan().ToArray());
        targets[0].Write(4, 50);
        Assert.Equal([1, 2, 3, 4, 50, 6], parameter.Gradient.AsSpan().ToArray());
    }

    [Fact]
    public void GradientTarget_that_accumulates_keeps_a_part_of_what_stood_there()
    {
        Matrix<double> value = Numbers(2, 3);
        var target = new GradientTarget<double>(value, scale: -0.5, keep: 0.75);
        target.Write(Numbers(2, 3));
        Assert.Equal([0.25, 0.5, 0.75, 1, 1.25, 1.5], value.AsSpan().ToArray());
        target.Write(5, 2);
        Assert.Equal(0.125, value[1, 2]);
    }

    [Fact]
    public void GradientTarget_that_nobody_wants_takes_writes_and_has_no_destination()
    {
        GradientTarget<double> target = GradientTarget<double>.Unwanted;
        Assert.False(target.IsWanted);
        target.Write(Numbers(2, 3));
        target.Write(7, 1);
        Assert.Contains("IsWanted", Assert.Throws<InvalidOperationException>(() => target.Destination).Message);
        GradientTarget<double>[] both = [target, new(Numbers(1, 1), 1, 0)];
        Assert.True(((GradientTargets<double>)both).AnyIsWanted);
        Assert.False(((GradientTargets<double>)both).Slice(0, 1).AnyIsWanted);
    }

    [Fact]
    public void GradientTarget_elements_one_by_one_equal_the_whole_bit_for_bit()
    {
        var random = new Random(3);
        Matrix<float> gradient = new(5, 7), whole = new(5, 7), single = new(5, 7);
        for (int i = 0; i < gradient.Count; i++)
            (gradient.AsSpan()[i], whole.AsSpan()[i]) = (random.NextSingle() - 0.5f, random.NextSingle() - 0.5f);
        whole.AsSpan().CopyTo(single.AsSpan());
        new GradientTarget<float>(whole, -0.01f, 0.999f).Write(gradient);
        for (int i = 0; i < gradient.Count; i++)
            new GradientTarget<float>(single, -0.01f, 0.999f).Write(i, gradient.AsSpan()[i]);
        Assert.Equal(whole.AsSpan().ToArray(), single.AsSpan().ToArray());
    }

    [Fact]
    public void GradientTarget_gradient_of_another_shape_is_refused_before_anything_is_written()
    {
        Matrix<double> value = Numbers(2, 3);
        var exception = Assert.Throws<ArgumentException>(() => new GradientTarget<double>(value, 1, 1).Write(new Matrix<double>(3, 2)));
        Assert.Contains("found", exception.Message);
        Assert.Equal([1, 2, 3, 4, 5, 6], value.AsSpan().ToArray());
    }

    [Fact]
    public void GradientTargets_Slice_gives_the_targets_of_an_inner_layer()
    {
        GradientTarget<double>[] all = [.. Enumerable.Range(1, 4).Select(i => new GradientTarget<double>(new(1, 1), i, 0))];
        GradientTargets<double> inner = new GradientTargets<double>(all).Slice(1, 2);
        Assert.Equal((2, 2, 3), (inner.Count, inner[0].Scale, inner[1].Scale));
    }

    private static Matrix<double> Numbers(int rows, int columns)
    {
        var matrix = new Matrix<double>(rows, columns);
        for (int i = 0; i < matrix.Count; i++)
            matrix.AsSpan()[i] = i + 1;
        return matrix;
    }
}
