using System.Numerics;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Testing.Tests;

/// <summary>What a <see cref="FaultyActivation"/> computes.</summary>
internal enum ActivationKind
{
    Negative,
    Identity,
    Relu,
}

/// <summary>An elementwise function without parameters, which declares what follows from that, and may be wrong in it.</summary>
internal sealed record FaultyActivation(ActivationKind Function, bool IsWrong) : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build.Input, Function, IsWrong);

    private sealed class Runtime<T>(Shape shape, ActivationKind function, bool isWrong) : LayerRuntime<T>(shape, shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override LayerTraits Traits { get; } = new()
        {
            WorksInPlace = function == ActivationKind.Negative,
            BackwardNeeds = function == ActivationKind.Relu ? BackwardNeeds.Input : BackwardNeeds.None,
            IsPassThrough = function == ActivationKind.Identity,
            IsRelu = function == ActivationKind.Relu,
        };

        public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
        {
            ReadOnlyMatrixView<T> x = input.Numbers;
            for (int row = 0; row < x.Rows; row++)
            {
                for (int j = 0; j < x.Columns; j++)
                {
                    // Backwards, which works out of place only: the second half would read what the first half wrote.
                    int at = function == ActivationKind.Negative && isWrong ? x.Columns - 1 - j : j;
                    T value = x[row, at];
                    output[row, j] = function switch
                    {
                        ActivationKind.Negative => -value,
                        ActivationKind.Identity => isWrong ? value * T.CreateChecked(2) : value,
                        _ => value >= T.Zero || T.IsNaN(value) ? value : isWrong ? value * T.CreateChecked(0.01) : T.Zero,
                    };
                }
            }
        }

        public override void Backward(
            LayerInput<T> input,
            ReadOnlyMatrixView<T> output,
            MatrixView<T> outputGradient,
            MatrixView<T> inputGradient,
            GradientTargets<T> gradients,
            LayerWorkspace<T> workspace)
        {
            for (int row = 0; row < inputGradient.Rows; row++)
            {
                for (int j = 0; j < inputGradient.Columns; j++)
                {
                    int at = function == ActivationKind.Negative && isWrong ? inputGradient.Columns - 1 - j : j;
                    T gradient = outputGradient[row, at];
                    inputGradient[row, j] = function switch
                    {
                        ActivationKind.Negative => -gradient,
                        ActivationKind.Identity => isWrong ? gradient * T.CreateChecked(2) : gradient,
                        _ => input.Numbers[row, j] > T.Zero ? gradient : isWrong ? gradient * T.CreateChecked(0.01) : T.Zero,
                    };
                }
            }
        }
    }
}
