using DeepLearn.Tensors.Files;
using Xunit;

namespace DeepLearn.Tests.Tensors.Files;

public class NumericArrayTests
{
    [Fact]
    public void Transpose_puts_each_element_where_its_axes_say()
    {
        var array = NumericArray.Of<short>([.. Enumerable.Range(0, 2 * 3 * 4 * 5).Select(i => (short)i)], 2, 3, 4, 5);
        NumericArray turned = array.Transpose(2, 3, 1, 0);
        Assert.Equal([4, 5, 3, 2], turned.Shape);
        for (int a = 0; a < 2; a++)
        {
            for (int b = 0; b < 3; b++)
            {
                for (int c = 0; c < 4; c++)
                {
                    for (int d = 0; d < 5; d++)
                        Assert.Equal((((((a * 3) + b) * 4) + c) * 5) + d, turned.AsSpan<short>()[(((((c * 5) + d) * 3) + b) * 2) + a]);
                }
            }
        }
        Assert.Equal(array.AsBytes(), turned.Transpose(3, 2, 0, 1).AsBytes());
        Assert.Equal([1.0], NumericArray.Of<double>([1.0], []).Transpose(0).AsSpan<double>().ToArray());
        Assert.Empty(NumericArray.Of<double>([], 0, 3).Transpose(1, 0).AsBytes().ToArray());
    }

    [Fact]
    public void Transpose_of_axes_that_the_array_has_not_is_refused()
    {
        var array = NumericArray.Of<short>(new short[6], 2, 3);
        Assert.Contains(
            "expected the axes 0 to 1, each once; found [0, 0]",
            Assert.Throws<ArgumentException>(() => array.Transpose(0, 0)).Message);
        Assert.Throws<ArgumentException>(() => array.Transpose(0));
        Assert.Throws<ArgumentException>(() => array.Transpose(0, 2));
    }
}
