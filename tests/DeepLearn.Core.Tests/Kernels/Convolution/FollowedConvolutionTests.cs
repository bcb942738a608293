using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Convolution;

/// <summary>Whichever algorithm writes the outputs, a follower is told of each number once, after it has its value.</summary>
public class FollowedConvolutionTests
{
    private static readonly (string Name, ConvolutionGeometry Geometry, int Batch)[] Shapes =
    [
        ("tiles of 4x4", new(Padded(9, 3), Padded(14, 3), 16, 24), 5),
        ("tiles of 4x4, many", new(Padded(32, 3), Padded(32, 3), 16, 16), 9),
        ("tiles of 2x2", new(Padded(3, 3), Padded(3, 3), 32, 32), 40),
        ("5x5", new(Padded(7, 5), Padded(8, 5), 32, 32), 6),
        ("tiles of a stream", new(Padded(4, 3), Padded(4, 3), 512, 512), 1),
        ("1x1", new(new(13, 1), new(11, 1), 8, 19), 9),
        ("1x1, small images", new(new(3, 1), new(2, 1), 8, 19), 100),
        ("1x1, stride 2", new(new(9, 1, 2), new(8, 1, 2), 8, 19), 7),
        ("stride 2", new(new(9, 3, 2, 1, 1, 1), new(8, 3, 2, 1, 1, 1), 3, 40), 7),
        ("one image", new(Padded(6, 3), Padded(5, 3), 3, 150), 1),
        ("one image, by rows", new(Padded(33, 3), Padded(31, 3), 3, 16), 1),
        ("one image, tiles by channels", new(Padded(8, 3), Padded(7, 3), 64, 150), 1),
        ("one image, depthwise by rows", new(Padded(15, 3), Padded(16, 3), 70, 70, 70), 1),
        ("groups", new(Padded(6, 3), Padded(5, 3), 6, 70, 2), 1),
        ("depthwise", new(Padded(6, 5), Padded(9, 5), 37, 37, 37), 5),
    ];

    [Fact]
    public void Follower_of_a_convolution_is_told_of_each_output_once_and_when_it_is_there()
    {
        foreach ((string name, ConvolutionGeometry geometry, int batch) in Shapes)
        {
            foreach (int threads in (int[])[1, 2, 4])
            {
                using var workers = new WorkerPool(threads);
                Check<float>(name, geometry, batch, workers);
                Check<double>(name, geometry, batch, workers);
            }
        }
    }

    [Fact]
    public void Follower_of_products_over_few_positions_is_told_nothing()
    {
        var geometry = new ConvolutionGeometry(new(2, 1), new(1, 1), 8, 4);
        Assert.Equal([0, 0, 0], Run<float>(geometry, 3, WorkerPool.Single, spaced: false).Follower.Counts);
    }

    private static void Check<T>(string name, ConvolutionGeometry geometry, int batch, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (bool spaced in (bool[])[false, true])
        {
            (T[] expected, T[] found, RecordingFollower<T> follower) = Run<T>(geometry, batch, workers, spaced);
            string what = $"{name}, {workers.Threads} threads, spaced {spaced}";
            Bits.AssertSame<T>(expected, found, what);

            // Where rows have gaps between them, an image of 1x1 alone may be too little for a product of its own.
            if (spaced && name == "1x1, small images")
                continue;
            Assert.All(follower.Counts, count => Assert.Equal(geometry.OutputCount, count));
            Bits.AssertSame<T>(expected, [.. follower.Examples.SelectMany(example => example!)], $"{what}, when it was reported");
        }
    }

    private static (T[] Expected, T[] Found, RecordingFollower<T> Follower) Run<T>(
        ConvolutionGeometry geometry, int batch, WorkerPool workers, bool spaced)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var convolution = new ImageConvolution<T>(geometry, 4);
        ConvolutionScratch<T> scratch = convolution.CreateScratch(batch, trains: true, workers.Threads);
        var input = new Matrix<T>(batch, geometry.InputCount);
        Fill(input.AsSpan(), 1);
        var weights = new Matrix<T>(geometry.Depth, geometry.Filters);
        Fill(weights.AsSpan(), 2);
        T[] biases = new T[geometry.Filters];
        Fill<T>(biases, 3);
        SpacedRows<T> one = new(batch, geometry.OutputCount, T.NaN), other = new(batch, geometry.OutputCount, T.NaN);
        var dense = new Matrix<T>(batch, geometry.OutputCount);
        dense.View.Fill(T.NaN);
        var follower = new RecordingFollower<T>(batch, geometry.OutputCount);
        convolution.Forward(new(input, weights, one.View) { Biases = biases }, scratch, workers);
        convolution.Forward(
            new(input, weights, spaced ? other.View : dense.View) { Biases = biases, Follower = follower }, scratch, workers);
        return (one.Numbers(), spaced ? other.Numbers() : dense.AsSpan().ToArray(), follower);
    }

    private static WindowAxis Padded(int extent, int kernel) => new(extent, kernel, 1, 1, kernel / 2, kernel / 2);

    private static void Fill<T>(Span<T> numbers, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        foreach (ref T number in numbers)
            number = T.CreateChecked((random.NextDouble() * 2) - 1);
    }
}
