using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>Batch normalization takes its statistics as the end of the convolution before it; no bit depends on that.</summary>
public class FusedStatisticsTests
{
    private static readonly Shape Image = new(8, 10, 16);

    public static TheoryData<Convolution2D> Convolutions =>
    [
        new Convolution2D(24, 3) { Padding = 1 },
        new Convolution2D(24, 3) { Padding = 1, Algorithm = ConvolutionAlgorithm.Direct },
        new Convolution2D(24, 1),
        new Convolution2D(24, 3) { Padding = 1, Stride = 2 },
        new Convolution2D(24, 1) { Stride = 2 },
        new Convolution2D(16, 5) { Padding = 2, Groups = 16 },
    ];

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void Statistics_as_the_end_of_a_convolution_have_the_bits_of_a_pass_of_their_own(Convolution2D convolution)
    {
        foreach (int batch in (int[])[1, 7, 33])
        {
            float[] expected = Train(new(convolution, new Apart(), new BatchNorm(), new Relu()), batch, WorkerPool.Single);
            foreach (int threads in (int[])[1, 2, 4])
            {
                using var workers = new WorkerPool(threads);
                float[] found = Train(new(convolution, new BatchNorm(), new Relu()), batch, workers);
                Bits.AssertSame<float>(expected, found, $"{convolution}, batch {batch}, {threads} threads");
            }
        }
    }

    [Fact]
    public void Statistics_as_the_end_of_a_convolution_are_those_of_double_where_the_mean_is_large()
    {
        const int Batch = 17, Filters = 24;
        var convolution = new Convolution2D(Filters, 3) { Padding = 1, Biases = new ConstantInitializer(4096) };
        Model<float> alone = convolution.Build<float>(Image, seed: 3), model = new Sequential(convolution, new BatchNorm()).Build<float>(
            Image, seed: 3);
        alone.Parameters[0].Value.AsSpan().CopyTo(model.Parameters[0].Value.AsSpan());
        Matrix<float> images = Draw(Batch);
        float[] before = alone.Predict(images).AsSpan().ToArray();
        float[] found = model.CreateWorkspace(Batch, RunMode.Training).Forward(images).AsSpan().ToArray();
        for (int c = 0; c < Filters; c++)
        {
            int[] places = [.. Enumerable.Range(0, before.Length).Where(i => i % Filters == c)];
            double mean = places.Average(i => (double)before[i]), variance = places.Average(i => Math.Pow(before[i] - mean, 2));
            Assert.All(places, i => Assert.Equal((before[i] - mean) / Math.Sqrt(variance + 1e-5), found[i], 1e-5));
        }
    }

    private static float[] Train(Sequential network, int batch, WorkerPool workers)
    {
        Model<float> model = network.Build<float>(Image, seed: 3);
        Matrix<float> images = Draw(batch);
        ModelWorkspace<float> workspace = model.CreateWorkspace(batch, RunMode.Training, workers);
        List<float> all = [];
        var random = new Random(5);
        Parameter<float>[] parameters = [.. model.Parameters];
        for (int i = 0; i < parameters.Length; i++)
        {
            foreach (ref float value in parameters[i].Value.AsSpan())
                value = (float)random.NextDouble() - 0.5f;
        }
        for (int step = 0; step < 2; step++)
        {
            all.AddRange(workspace.Forward(images).AsSpan());
            foreach (ref float derivative in workspace.OutputGradient.AsSpan())
                derivative = (float)random.NextDouble() - 0.5f;
            workspace.Backward(images);
            all.AddRange(parameters.SelectMany(parameter => parameter.Gradient.AsSpan().ToArray()));
            all.AddRange(model.Buffers.SelectMany(buffer => buffer.Value.AsSpan().ToArray()));
        }
        return [.. all];
    }

    private static Matrix<float> Draw(int batch)
    {
        var random = new Random(batch);
        var images = new Matrix<float>(batch, Image.Count);
        foreach (ref float value in images.AsSpan())
            value = (float)random.NextDouble() - 0.5f;
        return images;
    }

    /// <summary>Does nothing, and so keeps what stands before it and behind it apart.</summary>
    private sealed record Apart : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build.Input);

        private sealed class Runtime<T>(Shape shape) : IdentityRuntime<T>(shape)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            public override LayerTraits Traits { get; } = new() { WorksInPlace = true, BackwardNeeds = BackwardNeeds.None };
        }
    }
}
