using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Tensors;

/// <summary>Views show the elements that they say they do, and refuse what does not fit.</summary>
public class MatrixViewTests
{
    [Theory]
    [InlineData(20, -1, 3, -1, "at least 0 rows and columns; found [-1, 3]")]
    [InlineData(20, 2, -3, -1, "at least 0 rows and columns; found [2, -3]")]
    [InlineData(20, 2, 5, 4, "stride of a [2, 5] matrix is at least 5; found 4")]
    [InlineData(20, 1, 5, 4, "stride of a [1, 5] matrix is at least 5; found 4")]
    [InlineData(20, 1, 5, -5, "stride of a [1, 5] matrix is at least 5; found -5")]
    [InlineData(14, 3, 5, -1, "stride of 5 needs 15 elements; found 14")]
    [InlineData(16, 3, 5, 6, "stride of 6 needs 17 elements; found 16")]
    [InlineData(16, 2_000_000_000, 2, 2, "needs 4000000000 elements; found 16")]
    public void MatrixView_over_too_few_elements_or_with_a_wrong_stride_is_refused(
        int length, int rows, int columns, int stride, string message)
    {
        var elements = new float[length];
        Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => _ = new MatrixView<float>(elements, rows, columns, stride).Rows).Message);
        Assert.Contains(
            message,
            Assert.Throws<ArgumentException>(() => _ = new ReadOnlyMatrixView<float>(elements, rows, columns, stride).Rows).Message);
    }

    [Fact]
    public void MatrixView_last_row_needs_no_elements_beyond_its_columns()
    {
        double[] elements = [.. Enumerable.Range(0, 17)];
        var view = new MatrixView<double>(elements, 3, 5, 6);
        Assert.Equal(16, view[2, 4]);
        Assert.Equal([12, 13, 14, 15, 16], view.Row(2).ToArray());
        ReadOnlyMatrixView<double> read = view;
        Assert.Equal([6, 7, 8, 9, 10], read.Row(1).ToArray());
    }

    [Theory]
    [InlineData(-1, 0, 1, 1)]
    [InlineData(0, -1, 1, 1)]
    [InlineData(0, 0, 4, 1)]
    [InlineData(0, 0, 1, 6)]
    [InlineData(2, 3, 1, 3)]
    [InlineData(1, 0, int.MaxValue, 1)]
    [InlineData(0, 0, -1, 1)]
    public void MatrixView_slice_outside_the_matrix_is_refused_with_both_shapes(int row, int column, int rows, int columns)
    {
        var matrix = new Matrix<float>(3, 5);
        string message = $"A slice of [{rows}, {columns}] at ({row}, {column}) does not lie within [3, 5].";
        Assert.Contains(
            message, Assert.Throws<ArgumentOutOfRangeException>(() => _ = matrix.View.Slice(row, column, rows, columns).Rows).Message);
        Assert.Contains(
            message,
            Assert.Throws<ArgumentOutOfRangeException>(() => _ = ((ReadOnlyMatrixView<float>)matrix).Slice(row, column, rows, columns).Rows)
                .Message);
    }

    [Fact]
    public void MatrixView_slice_of_a_slice_shows_the_elements_of_the_matrix()
    {
        var matrix = new Matrix<float>(6, 7);
        for (int i = 0; i < 42; i++)
            matrix.AsSpan()[i] = i;
        MatrixView<float> inner = matrix.View.Slice(1, 2, 4, 4).Slice(1, 1, 2, 3);
        Assert.Equal([17, 18, 19], inner.Row(0).ToArray());
        inner[1, 2] = -1;
        Assert.Equal(-1, matrix[3, 5]);
        Assert.Contains(
            "not contiguous", Assert.Throws<InvalidOperationException>(() => _ = matrix.View.Slice(0, 0, 2, 3).AsSpan().Length).Message);
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 5)]
    [InlineData(0, -1)]
    public void MatrixView_index_outside_the_matrix_is_refused(int row, int column)
    {
        var matrix = new Matrix<float>(3, 5);
        string message = $"({row}, {column}) lies outside a [3, 5] matrix";
        Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => _ = matrix.View[row, column]).Message);
    }

    [Fact]
    public void MatrixView_rows_without_columns_are_empty()
    {
        MatrixView<float> view = new Matrix<float>(3, 5).View.Slice(0, 0, 3, 0);
        Assert.True(view.Row(2).IsEmpty);
        Assert.True(((ReadOnlyMatrixView<float>)view).Row(2).IsEmpty);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new Matrix<float>(3, 5).View.Slice(0, 0, 3, 0).Row(3).Length);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 4)]
    [InlineData(3, 1)]
    [InlineData(2, int.MaxValue)]
    [InlineData(1, -1)]
    public void MatrixView_SliceRows_outside_the_matrix_is_refused(int first, int count)
    {
        var matrix = new Matrix<float>(3, 5);
        string message = $"A slice of [{count}, 5] at ({first}, 0) does not lie within [3, 5].";
        Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => _ = matrix.SliceRows(first, count).Rows).Message);
        Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => _ = matrix.View.SliceRows(first, count).Rows).Message);
        Assert.Contains(
            message,
            Assert.Throws<ArgumentOutOfRangeException>(() => _ = ((ReadOnlyMatrixView<float>)matrix).SliceRows(first, count).Rows).Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void MatrixView_Row_outside_the_matrix_is_refused(int row)
    {
        var matrix = new Matrix<float>(3, 5);
        string message = $"({row}, 0) lies outside a [3, 5] matrix";
        Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => _ = matrix.Row(row).Length).Message);
        Assert.Contains(
            message, Assert.Throws<ArgumentOutOfRangeException>(() => _ = ((ReadOnlyMatrixView<float>)matrix).Row(row).Length).Message);
    }

    [Fact]
    public void MatrixView_CopyTo_another_shape_is_refused_and_writes_nothing()
    {
        Matrix<float> source = new(3, 5), destination = new(5, 3);
        source.View.Fill(1);
        destination.View.Fill(7);
        Assert.Contains(
            "must be [3, 5]; found [5, 3]",
            Assert.Throws<ArgumentException>(() => ((ReadOnlyMatrixView<float>)source).CopyTo(destination)).Message);
        Assert.All(destination.AsSpan().ToArray(), element => Assert.Equal(7, element));
    }
}
