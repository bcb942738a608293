using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tests.Support;

namespace DeepLearn.Tests.Kernels.Convolution;

/// <summary>The passes of a Winograd convolution over given numbers. What is to be written is filled with NaN before.</summary>
internal sealed unsafe class WinogradRun<T>(ConvolutionGeometry geometry, int batch, int outputs, WorkerPool? workers = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly WinogradConvolution<T> _pass = new(geometry, outputs);
    private readonly WorkerPool _workers = workers ?? WorkerPool.Single;
    private WinogradScratch<T>? _ofPredictions;

    /// <summary>Where the operands are taken from, so that forbidden pages stand beside them; null for ordinary memory.</summary>
    public GuardedMemory? Memory { get; init; }

    /// <summary>Whether the page after an operand is forbidden, or the one before it.</summary>
    public bool AtEnd { get; init; }

    /// <summary>Whether outputs are computed with one working memory again and again, as predictions are.</summary>
    public bool Predicts { get; init; }

    private int OutputCount => geometry.Positions * geometry.Filters;

    public T[] Outputs(T[] input, T[] weights, T[]? biases)
    {
        Span<T> output = Fresh(batch * OutputCount);
        fixed (T* from = Copy(input), w = Copy(weights), b = biases is null ? default : Copy(biases), to = output)
        {
            OutputEnd<T> end = new(b, relu: biases is not null);
            WinogradScratch<T> scratch = Predicts ? _ofPredictions ??= Scratch(false) : Scratch(false);
            _pass.Forward(new(from, geometry.InputCount, batch), w, end, new(to, OutputCount, batch), scratch, _workers);
        }
        return output.ToArray();
    }

    public T[] InputGradient(T[] gradient, T[] weights)
    {
        Span<T> result = Fresh(batch * geometry.InputCount);
        fixed (T* from = Copy(gradient), w = Copy(weights), to = result)
            _pass.InputGradient(new(from, OutputCount, batch), w, new(to, geometry.InputCount, batch), Scratch(true), _workers);
        return result.ToArray();
    }

    /// <summary>The gradients of weights and biases: <c>keep * 1 + scale * gradient</c> for the weights.</summary>
    public (T[] Weights, T[] Biases) WeightGradients(T[] input, T[] gradient, T scale, T keep)
    {
        WinogradScratch<T> scratch = Scratch(true);
        Span<T> weights = Fresh(geometry.Depth * geometry.Filters);
        if (!T.IsZero(keep))
            weights.Fill(T.One);
        Span<T> biases = Fresh(geometry.Filters);
        fixed (T* images = Copy(input), derivatives = Copy(gradient), to = weights, ofBiases = biases)
        {
            _pass.WeightGradient(
                new(images, geometry.InputCount, batch),
                new(derivatives, OutputCount, batch),
                scale,
                keep,
                to,
                ofBiases,
                scratch,
                _workers);
        }
        return (weights.ToArray(), biases.ToArray());
    }

    /// <summary>All that the passes give, one after the other.</summary>
    public T[] All(T[] input, T[] weights, T[] biases, T[] gradient)
    {
        (T[] ofWeights, T[] ofBiases) = WeightGradients(input, gradient, T.One, T.Zero);
        return [.. Outputs(input, weights, biases), .. InputGradient(gradient, weights), .. ofWeights, .. ofBiases];
    }

    private WinogradScratch<T> Scratch(bool trains)
    {
        var scratch = new WinogradScratch<T>(_pass, batch, trains, _workers.Threads);
        foreach (var memory in new[] { scratch.Kernels, scratch.Blocks, scratch.Run, scratch.Sums, scratch.SumsOfRuns })
            memory.AsSpan().Fill(T.NaN);
        return scratch;
    }

    private Span<T> Copy(T[] numbers) => Memory is null ? numbers.ToArray() : Memory.Copy<T>(numbers, AtEnd);

    private Span<T> Fresh(int count)
    {
        Span<T> memory = Memory is null ? new T[count] : Memory.Take<T>(count, AtEnd);
        memory.Fill(T.NaN);
        return memory;
    }
}
