using DeepLearn.Benchmarks.Products;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class ProductShapesTests
{
    [Theory]
    [InlineData(16, 16, 16, Transposition.NN)]
    [InlineData(2048, 2048, 2048, Transposition.NT)]
    [InlineData(100, 3072, 50, Transposition.NN)] // X W
    [InlineData(3072, 100, 50, Transposition.TN)] // X^T G
    [InlineData(100, 10, 50, Transposition.NT)] // G W^T
    [InlineData(256, 10, 512, Transposition.NT)]
    [InlineData(1, 3072, 512, Transposition.NN)]
    [InlineData(512, 32, 10, Transposition.TN)]
    [InlineData(25600, 27, 32, Transposition.NN)]
    [InlineData(288, 25600, 64, Transposition.TN)]
    [InlineData(6400, 128, 576, Transposition.NT)]
    public void ProductShapes_contain_the_products_of_networks(int m, int k, int n, Transposition transposition) =>
        Assert.Single(ProductShapes.All, shape => (shape.M, shape.K, shape.N, shape.Transposition) == (m, k, n, transposition));

    [Fact]
    public void ProductShapes_contain_no_product_twice() =>
        Assert.Equal(73, ProductShapes.All.Select(shape => shape.ToString()).Distinct().Count());

    [Fact]
    public void ProductShapes_contain_no_input_gradient_of_the_first_layer() =>
        Assert.DoesNotContain(ProductShapes.Networks, shape => shape.Transposition == Transposition.NT && shape.N == 3072);

    [Fact]
    public void ProductShape_operands_are_stored_as_the_transposition_says()
    {
        foreach (ProductShape shape in ProductShapes.All)
        {
            (int, int) a = shape.TransposeA ? (shape.K, shape.M) : (shape.M, shape.K);
            (int, int) b = shape.TransposeB ? (shape.N, shape.K) : (shape.K, shape.N);
            Assert.Equal(a, (shape.RowsOfA, shape.ColumnsOfA));
            Assert.Equal(b, (shape.RowsOfB, shape.ColumnsOfB));
        }
    }

    [Theory]
    [InlineData("100x3072x50", 1)]
    [InlineData("square", 24)]
    [InlineData("square tn", 8)]
    [InlineData("batch 100", 10)]
    [InlineData("convolution forward", 3)]
    [InlineData("no such thing", 0)]
    public void ProductShape_filter_matches_all_its_words(string filter, int expected) =>
        Assert.Equal(expected, ProductShapes.All.Count(shape => shape.Matches(filter)));

    [Fact]
    public void ProductShapes_step_of_the_small_network_counts_five_products()
    {
        double flops = ProductShapes.Network([3072, 50, 10], 100).Sum(shape => shape.Flops);
        Assert.Equal((2 * 2.0 * 100 * 3072 * 50) + (3 * 2.0 * 100 * 50 * 10), flops);
    }
}
