using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Layers;

/// <summary>A layer whose backward pass is broken.</summary>
/// <param name="Inner">The layer.</param>
/// <param name="Target">The parameter whose gradient is wrong; -1 for the input's.</param>
/// <param name="Fault">How.</param>
internal sealed record LayerMutant(Layer Inner, int Target, LayerFault Fault) : Layer
{
    public override string Kind => Inner.Kind;

    public override Shape OutputShape(Shape input) => Inner.OutputShape(input);

    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new WrappedRuntime<T>(
        Inner.CreateRuntime<T>(build),
        (runtime, _, _, inputGradient) =>
        {
            Span<T> gradient = Target < 0
                ? inputGradient.AsSpan()
                : runtime.Parameters[Target].Gradient.AsSpan();
            Break(gradient, T.CreateChecked(inputGradient.Rows));
        });

    private void Break<T>(Span<T> gradient, T batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int largest = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            if (T.Abs(gradient[i]) > T.Abs(gradient[largest]))
                largest = i;
        }
        T first = gradient[0];
        switch (Fault)
        {
            case LayerFault.DroppedTerm:
                gradient[largest] = T.Zero;
                return;
            case LayerFault.OneOff:
                gradient[1..].CopyTo(gradient);
                gradient[^1] = first;
                return;
            case LayerFault.Transposed:
                gradient.Reverse();
                return;
        }
        T factor = Fault switch
        {
            LayerFault.WrongSign => -T.One,
            LayerFault.MissingFactor => T.CreateChecked(0.99),
            _ => batch,
        };
        foreach (ref T element in gradient)
            element *= factor;
    }
}

/// <summary>The runtime of a layer, whose gradients something changes afterwards.</summary>
internal sealed class WrappedRuntime<T>(LayerRuntime<T> inner, Afterwards<T> afterwards)
    : LayerRuntime<T>(inner.InputShape, inner.OutputShape)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IReadOnlyList<Parameter<T>> Parameters => inner.Parameters;

    public override IReadOnlyList<StateBuffer<T>> Buffers => inner.Buffers;

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
        inner.CreateWorkspace(capacity, mode, workers);

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        inner.Forward(input, output, workspace);

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        Matrix<T> kept = Matrix<T>.CopyOf(outputGradient);
        inner.Backward(input, output, outputGradient, inputGradient, gradients, workspace);
        afterwards(inner, input.Numbers, kept, inputGradient);
    }
}

/// <summary>How the backward pass of a <see cref="LayerMutant"/> is wrong.</summary>
internal enum LayerFault
{
    WrongSign,
    MissingFactor,
    SumInsteadOfMean,
    DroppedTerm,
    OneOff,
    Transposed,
}

/// <summary>Changes gradients after a backward pass.</summary>
internal delegate void Afterwards<T>(
    LayerRuntime<T> runtime, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> outputGradient, MatrixView<T> inputGradient)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
