namespace DeepLearn.Benchmarks.Products;

/// <summary>
/// Products of random sizes, for which nobody has tuned. M, K and N are log-uniform from 1 to 4,096, so small sizes, odd ones, powers of
/// two and their neighbors all occur.
/// </summary>
public static class ProductShapesAtRandom
{
    /// <summary>The group of the shapes.</summary>
    public const string Group = "random";

    /// <summary>The role of a product with a bias and a ReLU.</summary>
    public const string BiasAndRelu = "bias and ReLU";

    /// <summary>The greatest size.</summary>
    public const int MaxSize = 4096;

    /// <summary>A shape of more operations than this is drawn again: measuring it would take too long.</summary>
    public const double MaxFlops = 4e9;

    /// <summary>Draws shapes. The same seed gives the same shapes, and a shorter list is the beginning of a longer one.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="count">The number of shapes.</param>
    public static IEnumerable<ProductShape> Draw(int seed, int count)
    {
        var random = new Random(seed);
        while (count > 0)
        {
            int m = Size(random), k = Size(random), n = Size(random);
            var transposition = (Transposition)random.Next(3);
            int end = random.Next(3);
            var shape = new ProductShape(
                m, k, n, transposition, Group, 0, end switch { 1 => "beta 1", 2 => BiasAndRelu, _ => "beta 0" })
            {
                Accumulates = end == 1,
                HasBiasAndRelu = end == 2,
                Seed = seed,
            };
            if (shape.Flops > MaxFlops)
                continue;
            count--;
            yield return shape;
        }
    }

    private static int Size(Random random) => (int)Math.Exp(random.NextDouble() * Math.Log(MaxSize + 1));
}
