using DeepLearn.Foundation;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Search.Samplers;

/// <summary>Samplers that cover a space evenly, and what they are made of.</summary>
public class EvenSamplerTests
{
    private static readonly SearchSpace Cube = new(
        [.. Enumerable.Range(0, 12).Select(i => (Dimension)new UniformDimension($"x{i}", 0, 1))]);

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(128)]
    public void SobolSampler_each_beginning_of_a_power_of_two_has_a_point_in_every_part_of_each_dimension(int count)
    {
        SearchPoint[] points = Points(new SobolSampler(), 3, 2 * count);
        foreach (Dimension dimension in Cube.Dimensions)
        {
            Assert.Equal(count, points.Take(count).Select(point => (int)(point.Number(dimension.Name) * count)).Distinct().Count());
            Assert.Equal(2 * count, points.Select(point => (int)(point.Number(dimension.Name) * 2 * count)).Distinct().Count());
        }
    }

    [Theory]
    [InlineData(2, 32)]
    [InlineData(8, 8)]
    [InlineData(64, 1)]
    public void SobolSampler_first_two_dimensions_have_a_point_in_every_box_of_their_volume(int columns, int rows)
    {
        int count = columns * rows;
        SearchPoint[] points = Points(new SobolSampler(), 3, count);
        Assert.Equal(
            count, points.Select(point => ((int)(point.Number("x0") * columns), (int)(point.Number("x1") * rows))).Distinct().Count());
    }

    [Fact]
    public void SobolSampler_every_seed_scrambles_otherwise()
    {
        double[] firsts = [.. Enumerable.Range(0, 400).Select(seed => Points(new SobolSampler(), (ulong)seed, 1)[0].Number("x5"))];
        Assert.Equal(400, firsts.Distinct().Count());
        Assert.Equal(0.5, firsts.Average(), 0.06);
    }

    [Fact]
    public void SobolDirections_primitive_polynomials_are_told_from_others()
    {
        uint[] primitive = [.. Enumerable.Range(2, 62).Select(p => (uint)p).Where(p => p % 2 == 1 && SobolDirections.IsPrimitive(p))];
        Assert.Equal([3u, 7u, 11u, 13u, 19u, 25u, 37u, 41u, 47u, 55u, 59u, 61u], primitive);
    }

    [Fact]
    public void LatinHypercubeSampler_each_block_has_a_point_in_every_part_of_each_dimension()
    {
        SearchPoint[] points = Points(new LatinHypercubeSampler(10), 7, 30);
        foreach (Dimension dimension in Cube.Dimensions)
        {
            for (int block = 0; block < 3; block++)
            {
                Assert.Equal(
                    10, points.Skip(10 * block).Take(10).Select(point => (int)(point.Number(dimension.Name) * 10)).Distinct().Count());
            }
        }
        Assert.Equal(30, points.Distinct().Count());
    }

    [Property(MaxTest = 100)]
    public Property Permutation_is_one_of_any_number_of_elements() => Prop.ForAll(
        (from count in Gen.Choose(1, 300)
         from seed in Gen.Choose(0, 99)
         select (count, seed)).ToArbitrary(),
        test =>
        {
            RandomKey key = RandomKey.FromSeed((ulong)test.seed);
            Assert.Equal(
                Enumerable.Range(0, test.count).Select(i => (long)i),
                Enumerable.Range(0, test.count).Select(i => Permutation.At(key, i, test.count)).Order());
        });

    private static SearchPoint[] Points(Sampler sampler, ulong seed, int count) =>
        [.. Enumerable.Range(0, count).Select(i => sampler.Sample(new(Cube, RandomKey.FromSeed(seed), 0, i)))];
}
