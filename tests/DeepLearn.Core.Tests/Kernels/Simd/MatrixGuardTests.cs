using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Simd;

/// <summary>Windows on one piece of memory share an element, or do not.</summary>
public class MatrixGuardTests
{
    [Property(MaxTest = 2000)]
    public void MatrixGuard_finds_shared_elements_of_two_windows_exactly(
        byte at, byte rows, byte columns, byte gap, byte otherAt, byte otherRows, byte otherColumns, byte otherGap)
    {
        var memory = new float[400];
        Window first = Window.Of(at, rows, columns, gap), second = Window.Of(otherAt, otherRows, otherColumns, otherGap);
        bool shared = first.Elements().Intersect(second.Elements()).Any();
        Assert.Equal(shared, Throws(() => MatrixGuard.CheckApart<float>(first.On(memory), second.On(memory))));
        Assert.Equal(
            shared && !first.IsSameAs(second),
            Throws(() => MatrixGuard.CheckSameOrApart<float>(first.On(memory), second.On(memory))));
    }

    [Property(MaxTest = 1000)]
    public void MatrixGuard_finds_shared_elements_of_a_window_and_a_span_exactly(
        byte at, byte rows, byte columns, byte gap, byte otherAt, byte length)
    {
        var memory = new float[400];
        Window window = Window.Of(at, rows, columns, gap), line = new(otherAt % 60, 1, length % 30, length % 30);
        bool shared = window.Elements().Intersect(line.Elements()).Any();
        Assert.Equal(shared, Throws(() => MatrixGuard.CheckApart<float, float>(window.On(memory), memory.AsSpan(line.At, line.Columns))));
        Assert.Equal(shared, Throws(() => MatrixGuard.CheckApart<float, float>(memory.AsSpan(line.At, line.Columns), window.On(memory))));
    }

    [Fact]
    public void MatrixGuard_error_names_both_matrices()
    {
        var memory = new double[20];
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
        {
            MatrixView<double> source = new(memory, 2, 3, 4), destination = new(memory.AsSpan(2), 2, 3);
            MatrixGuard.CheckSameOrApart<double>(source, destination);
        });
        Assert.Equal("destination [2, 3] and source [2, 3] share memory; they may only be the same, or lie apart.", error.Message);
    }

    private static bool Throws(Action check)
    {
        try
        {
            check();
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private readonly record struct Window(int At, int Rows, int Columns, int Stride)
    {
        public static Window Of(byte at, byte rows, byte columns, byte gap) =>
            new(at % 60, rows % 6, columns % 9, (columns % 9) + (gap % 12));

        public IEnumerable<int> Elements()
        {
            Window self = this;
            return Enumerable.Range(0, Rows).SelectMany(i => Enumerable.Range(self.At + (i * self.Stride), self.Columns));
        }

        /// <summary>Whether both have the same elements in the same shape; the stride of a single row says nothing.</summary>
        public bool IsSameAs(Window other) =>
            At == other.At && Rows == other.Rows && Columns == other.Columns && (Stride == other.Stride || Rows <= 1);

        public MatrixView<float> On(float[] memory) => new(memory.AsSpan(At), Rows, Columns, Stride);
    }
}
