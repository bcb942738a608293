using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Tensors;

public class LayerInputTests
{
    private static readonly float[] Scale = [2, 3, 4], Offset = [-1, 0.5f, 0];
    private static readonly byte[] Source = [9, 1, 2, 3, 9, 4, 5, 6, 9, 9];

    [Fact]
    public void LayerInput_of_numbers_gives_the_view_that_it_was_made_of()
    {
        var wide = new Matrix<float>(4, 6);
        for (int i = 0; i < wide.Count; i++)
            wide.AsSpan()[i] = i;
        LayerInput<float> input = wide.View.Slice(1, 2, 3, 3);
        Assert.Equal((false, 3, 3), (input.IsBytes, input.Rows, input.Columns));
        Assert.Equal((6, 8f, 22f), (input.Numbers.Stride, input.Numbers[0, 0], input.Numbers[2, 2]));
        Assert.Equal(21f, input.Slice(1, 1, 2, 2).Numbers[1, 0]);
        Assert.Equal(((ReadOnlyMatrixView<float>)wide.View.Slice(1, 2, 3, 3)).ToString(), input.ToString());
        Assert.Equal(
            (0, 3),
            (new LayerInput<float>(new Matrix<float>(0, 3).View).Rows, new LayerInput<float>(new Matrix<float>(0, 3).View).Columns));
    }

    [Fact]
    public void LayerInput_of_bytes_gives_the_rows_that_it_was_made_of()
    {
        LayerInput<float> input = new ByteRows<float>(Source, [5, 1, 5], Scale, Offset);
        Assert.Equal((true, 3, 3), (input.IsBytes, input.Rows, input.Columns));
        Assert.Equal("[3, 3] of bytes", input.ToString());
        Assert.Equal([4, 5, 6], input.Bytes.Row(0).ToArray());
        Assert.Equal([1, 2, 3], input.Bytes.Row(1).ToArray());
        LayerInput<float> window = input.Slice(1, 1, 2, 2);
        Assert.Equal([2, 3], window.Bytes.Row(0).ToArray());
        Assert.Equal([5, 6], window.Bytes.Row(1).ToArray());
        Assert.Equal([3, 4], window.Bytes.Scale.ToArray());
        Assert.Equal([0.5f, 0], window.Bytes.Offset.ToArray());
        Assert.Equal(2, window.Bytes.Starts.Length);
    }

    [Fact]
    public void LayerInput_asked_for_what_it_is_not_names_both()
    {
        Assert.Contains("found bytes", Assert.Throws<InvalidOperationException>(
            () => new LayerInput<float>(new ByteRows<float>(Source, [1], Scale, Offset)).Numbers.Rows).Message);
        Assert.Contains("found numbers", Assert.Throws<InvalidOperationException>(
            () => new LayerInput<float>(new Matrix<float>(2, 2).View).Bytes.Rows).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayerInput<float>(new Matrix<float>(2, 2).View).Slice(0, 0, 3, 1).Rows);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new LayerInput<float>(new ByteRows<float>(Source, [1], Scale, Offset)).Slice(0, 1, 1, 3).Rows);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteRows<float>(Source, [1], Scale, Offset).Row(1).Length);
    }

    [Fact]
    public void ByteRows_converted_are_scaled_and_shifted_column_by_column()
    {
        var numbers = new Matrix<float>(2, 3);
        ByteConversion.ConvertRows(new ByteRows<float>(Source, [5, 1], Scale, Offset), numbers.View);
        Assert.Equal([7, 15.5f, 24, 1, 6.5f, 12], numbers.AsSpan().ToArray());
        Assert.Throws<ArgumentException>(
            () => ByteConversion.ConvertRows(new ByteRows<float>(Source, [5], Scale, Offset), numbers.View));
        Assert.Equal([7, 15.5f, 24, 1, 6.5f, 12], numbers.AsSpan().ToArray());
    }
}
