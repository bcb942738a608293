using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Tensors;

public class MatrixTests
{
    [Fact]
    public unsafe void Matrix_first_element_is_aligned_to_a_cache_line()
    {
        for (int i = 1; i < 40; i++)
        {
            var matrix = new Matrix<float>(i, 3);
            fixed (float* first = matrix.AsSpan())
                Assert.Equal(0, (nint)first % Matrix<float>.Alignment);
        }
    }
}
