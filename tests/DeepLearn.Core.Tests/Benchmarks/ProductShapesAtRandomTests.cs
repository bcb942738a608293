using DeepLearn.Benchmarks.Products;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class ProductShapesAtRandomTests
{
    [Fact]
    public void Draw_with_the_same_seed_gives_the_same_shapes_and_a_longer_list_begins_with_them()
    {
        ProductShape[] all = [.. ProductShapesAtRandom.Draw(7, 300)];
        Assert.Equal(all, ProductShapesAtRandom.Draw(7, 300));
        Assert.Equal(all[..40], ProductShapesAtRandom.Draw(7, 40));
        Assert.NotEqual(all, ProductShapesAtRandom.Draw(8, 300));
    }

    [Fact]
    public void Draw_takes_sizes_from_1_to_4096_of_every_magnitude_and_every_kind_of_product()
    {
        ProductShape[] shapes = [.. ProductShapesAtRandom.Draw(1, 2000)];
        Assert.All(shapes, shape => Assert.InRange(shape.Flops, 2, ProductShapesAtRandom.MaxFlops));
        int[] sizes = [.. shapes.SelectMany(shape => new[] { shape.M, shape.K, shape.N })];
        Assert.Equal((1, true), (sizes.Min(), sizes.Max() is > 3900 and <= ProductShapesAtRandom.MaxSize));

        // Log-uniform: each of the twelve powers of two has about as many as the others; the largest shapes are drawn again.
        Assert.All(Enumerable.Range(0, 12), power => Assert.InRange(sizes.Count(size => size >> power == 1), 300, 700));
        Assert.Equal(9, shapes.Select(shape => (shape.Transposition, shape.Accumulates, shape.HasBiasAndRelu)).Distinct().Count());
    }
}
