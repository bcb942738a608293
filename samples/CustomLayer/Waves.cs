using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Tensors;

namespace DeepLearn.Samples.CustomLayer;

/// <summary>Something to learn: <c>sin(3 x) * cos(2 y)</c> on the square from -1 to 1, where one target in twenty is badly wrong.</summary>
internal static class Waves
{
    private const int OneWrongIn = 20;

    /// <summary>Draws examples <c>[count, 2]</c> with their targets <c>[count, 1]</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Equal seeds draw equal examples.</param>
    /// <param name="hasErrors">Whether some of the targets are wrong.</param>
    public static DenseDataset<double> Draw(int count, ulong seed, bool hasErrors)
    {
        RandomStream random = RandomKey.FromSeed(seed).Derive("waves").Open();
        var points = new Matrix<double>(count, 2);
        var heights = new Matrix<double>(count, 1);
        for (int i = 0; i < count; i++)
        {
            (double x, double y) = ((2 * random.NextUniform()) - 1, (2 * random.NextUniform()) - 1);
            (points[i, 0], points[i, 1]) = (x, y);
            heights[i, 0] = VectorMath.Sin(3 * x) * VectorMath.Cos(2 * y);
            if (hasErrors && random.NextIndex(OneWrongIn) == 0)
                heights[i, 0] += 10;
        }
        return new(points, heights);
    }
}
