using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Convolution;

/// <summary>What the kernels of the current width make of a case. What is to be written is filled with NaN before.</summary>
internal sealed unsafe class ConvolutionRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ConvolutionCase _case;
    private readonly ConvolutionKernels<T> _kernels;
    private readonly GuardedMemory? _memory;
    private readonly bool _atEnd;

    /// <summary>A run; between forbidden pages where there is guarded memory to take the operands from.</summary>
    public ConvolutionRun(ConvolutionCase @case, GuardedMemory? memory = null, bool atEnd = false)
    {
        (_case, _memory, _atEnd) = (@case, memory, atEnd);
        _kernels = ConvolutionKernels<T>.For(@case.Geometry);
    }

    public T[] Outputs(bool withEnds)
    {
        fixed (T* weights = Copy(_case.Weights), packed = Fresh(_kernels.PackedCount(_kernels.Forwards)))
        fixed (T* biases = Copy(_case.Biases), start = new T[_kernels.StartCount + 1])
        {
            T* ready = _kernels.Pack(_kernels.Forwards, weights, packed, WorkerPool.Single);
            T* begin = withEnds ? _kernels.FillUp(biases, start) : null;
            return Gather(_kernels.Forwards, _case.Input, _case.Geometry.InputCount, ready, begin, withEnds, _case.OutputCount);
        }
    }

    public T[] InputGradient()
    {
        fixed (T* weights = Copy(_case.Weights), packed = Fresh(_kernels.PackedCount(_kernels.Backwards)))
        {
            T* ready = _kernels.Pack(_kernels.Backwards, weights, packed, WorkerPool.Single);
            return Gather(_kernels.Backwards, _case.OutputGradient, _case.OutputCount, ready, null, false, _case.Geometry.InputCount);
        }
    }

    /// <summary>The gradients of weights and biases, the examples divided among two chunks: <c>keep * 1 + scale * gradient</c>.</summary>
    public (T[] Weights, T[] Biases) WeightGradients(T scale, T keep)
    {
        T[] input = ConvolutionCase.As<T>(_case.Input), gradient = ConvolutionCase.As<T>(_case.OutputGradient);
        int chunks = Math.Min(2, _case.Batch), step = _kernels.SumsCount;
        int shares = Math.Min(2, _kernels.MostSumShares);
        T[] sums = Fresh(chunks * step).ToArray();
        Span<T> weights = Fresh(_case.Weights.Length), biases = Fresh(_case.Geometry.Filters);
        weights.Fill(T.IsZero(keep) ? T.NaN : T.One);
        biases.Fill(T.IsZero(keep) ? T.NaN : T.One);
        int inputs = _case.Geometry.InputCount, outputs = _case.OutputCount, ofPadded = _kernels.Forwards.PaddedCount;
        fixed (T* padded = new T[(_kernels.Together * ofPadded) + 1], scratch = Fresh(_kernels.ScratchCount), all = sums)
        fixed (T* ofWeights = weights, ofBiases = biases)
        {
            for (int first = 0, count; first < _case.Batch; first += count)
            {
                int chunk = first * chunks / _case.Batch;
                count = 0;
                while (count < _kernels.Together && first + count < _case.Batch && (first + count) * chunks / _case.Batch == chunk)
                    count++;
                fixed (T* from = Copy(input, first * inputs, count * inputs), to = Copy(gradient, first * outputs, count * outputs))
                {
                    var source = new ImageStack<T>(from, inputs, count);
                    if (_kernels.Forwards.IsPadded)
                    {
                        for (int example = 0; example < count; example++)
                            _kernels.Forwards.Pad(from + (example * inputs), padded + (example * ofPadded));
                        source = new(padded, ofPadded, count);
                    }
                    bool isFirst = first == 0 || (first - 1) * chunks / _case.Batch != chunk;
                    for (int share = 0; share < shares; share++)
                        _kernels.AddExamples(source, new(to, outputs, count), scratch, new(share, shares), isFirst, all + (chunk * step));
                }
            }
            _kernels.Finish(all, step, chunks, scale, keep, false, ofWeights, WorkerPool.Single);
            _kernels.Finish(all, step, chunks, scale, keep, true, ofBiases, WorkerPool.Single);
        }
        return (weights.ToArray(), biases.ToArray());
    }

    /// <summary>
    /// Two examples at once, then one after another; the channels of the results in two shares, and their rows in three. The counts of what
    /// was written come to all there is.
    /// </summary>
    private T[] Gather(GatherPlan plan, long[] sources, int sourceCount, T* weights, T* start, bool relu, int resultCount)
    {
        T[] all = ConvolutionCase.As<T>(sources), results = new T[_case.Batch * resultCount];
        int shares = Math.Min(2, _kernels.MostShares(plan)), rowShares = _kernels.PaddedCount(plan) == 0 ? 3 : 1;
        fixed (T* padded = new T[plan.PaddedCount + 1])
        {
            for (int first = 0, count = Math.Min(2, _case.Batch); first < _case.Batch; first += count, count = 1)
            {
                Span<T> result = Fresh(count * resultCount);
                fixed (T* from = Copy(all, first * sourceCount, count * sourceCount), to = result)
                {
                    int written = 0;
                    for (int item = 0; item < shares * rowShares; item++)
                    {
                        var share = new GatherShare(new(item % shares, shares), new(item / shares, rowShares));
                        _kernels.Run(
                            plan, new(from, sourceCount, count), padded, weights, start, relu, share, new(to, resultCount, count));
                        written += _kernels.NumbersOf(plan, share);
                    }
                    Assert.Equal(resultCount, written);
                }
                result.CopyTo(results.AsSpan(first * resultCount));
            }
        }
        return results;
    }

    private Span<T> Copy(long[] numbers) => Copy(ConvolutionCase.As<T>(numbers), 0, numbers.Length);

    private Span<T> Copy(T[] numbers, int first, int count)
    {
        Span<T> copy = _memory is null ? new T[count] : _memory.Take<T>(count, _atEnd);
        numbers.AsSpan(first, count).CopyTo(copy);
        return copy;
    }

    private Span<T> Fresh(int count)
    {
        Span<T> memory = _memory is null ? new T[count] : _memory.Take<T>(count, _atEnd);
        memory.Fill(T.NaN);
        return memory;
    }
}
