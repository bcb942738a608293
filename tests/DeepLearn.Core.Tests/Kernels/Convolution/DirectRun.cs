using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;

namespace DeepLearn.Tests.Kernels.Convolution;

/// <summary>The passes of the direct algorithm over given numbers, without biases.</summary>
internal sealed unsafe class DirectRun<T>(ConvolutionGeometry geometry, int batch)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ConvolutionKernels<T> _kernels = ConvolutionKernels<T>.For(geometry);

    private int OutputCount => geometry.Positions * geometry.Filters;

    public T[] Outputs(T[] input, T[] weights) => Gather(_kernels.Forwards, input, geometry.InputCount, weights, OutputCount);

    public T[] InputGradient(T[] gradient, T[] weights) =>
        Gather(_kernels.Backwards, gradient, OutputCount, weights, geometry.InputCount);

    public T[] WeightGradient(T[] input, T[] gradient)
    {
        T[] result = new T[geometry.Depth * geometry.Filters];
        fixed (T* images = input, derivatives = gradient, padded = new T[_kernels.Forwards.PaddedCount + 1], to = result)
        fixed (T* scratch = new T[_kernels.ScratchCount + 1], sums = new T[_kernels.SumsCount])
        {
            for (int example = 0; example < batch; example++)
            {
                T* source = _kernels.Forwards.Pad(images + (example * geometry.InputCount), padded);
                T* gradients = derivatives + (example * OutputCount);
                _kernels.AddExamples(new(source, 0, 1), new(gradients, 0, 1), scratch, Share.Whole, example == 0, sums);
            }
            _kernels.Finish(sums, 0, 1, T.One, T.Zero, false, to, WorkerPool.Single);
        }
        return result;
    }

    private T[] Gather(GatherPlan plan, T[] sources, int sourceCount, T[] weights, int resultCount)
    {
        T[] results = new T[batch * resultCount];
        fixed (T* from = sources, w = weights, packed = new T[_kernels.PackedCount(plan) + 1], to = results)
        fixed (T* padded = new T[plan.PaddedCount + 1])
        {
            T* ready = _kernels.Pack(plan, w, packed, WorkerPool.Single);
            _kernels.Run(plan, new(from, sourceCount, batch), padded, ready, null, false, GatherShare.Whole, new(to, resultCount, batch));
        }
        return results;
    }
}
