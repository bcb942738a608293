using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Samples.CustomLayer;

/// <summary>
/// The expert tier: the runtime of <see cref="LearnableSwish"/> for one shape and precision. It owns the betas and says what its passes
/// read, it divides its work among threads, and it writes the gradient where it is told to.
/// </summary>
internal class LearnableSwishRuntime<T> : LayerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _beta;

    public LearnableSwishRuntime(LayerBuild build, double initialBeta)
        : base(build.Input, build.Input)
    {
        int channels = build.Input[build.Input.Rank - 1];

        // The role says that it is a factor like a normalization's: a penalty on weights leaves it alone.
        _beta = new(build.NameOf("beta"), ParameterRole.NormalizationScale, rows: 1, channels);
        _beta.Value.View.Fill(T.CreateChecked(initialBeta));
        Parameters = [_beta];
    }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    // What stands in the output is never read again, so that the next layer may have its memory; and the gradient of the output stays.
    public override LayerTraits Traits { get; } = new() { BackwardNeeds = BackwardNeeds.Input, KeepsOutputGradient = true };

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        // The examples are divided among the threads, in parts that do not depend on how many there are.
        var body = new ForwardPart { Input = input.Numbers, Output = output, Beta = _beta.Value.Row(0) };
        workspace.Workers.Run(ref body, (input.Rows + ForwardPart.Examples - 1) / ForwardPart.Examples);
    }

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        ReadOnlyMatrixView<T> values = input.Numbers;
        ReadOnlySpan<T> beta = _beta.Value.Row(0);
        Span<T> betaGradient = _beta.Gradient.Row(0);
        betaGradient.Clear();
        for (int row = 0; row < values.Rows; row++)
        {
            ReadOnlySpan<T> x = values.Row(row), derivative = outputGradient.Row(row);

            // Nobody wants the gradient of the network's own input: then the view is empty.
            Span<T> inputDerivative = inputGradient.IsEmpty ? default : inputGradient.Row(row);
            for (int j = 0; j < x.Length; j++)
            {
                T b = beta[j % beta.Length];
                T sigmoid = VectorMath.Sigmoid(b * x[j]);
                betaGradient[j % beta.Length] += derivative[j] * x[j] * x[j] * sigmoid * (T.One - sigmoid);
                if (!inputDerivative.IsEmpty)
                    inputDerivative[j] = derivative[j] * Derivative(x[j], b, sigmoid);
            }
        }

        // The target may be the betas themselves, of which this is the last use: then the step of gradient descent has been made here.
        gradients[0].Write(_beta.Gradient);
    }

    /// <summary>The derivative of <c>x * sigmoid(beta * x)</c> with respect to x, by the product rule.</summary>
    protected virtual T Derivative(T x, T beta, T sigmoid) => sigmoid + (beta * x * sigmoid * (T.One - sigmoid));

    /// <summary>The forward pass of some examples.</summary>
    private ref struct ForwardPart : IParallelBody
    {
        public const int Examples = 64;

        public required ReadOnlyMatrixView<T> Input;
        public required MatrixView<T> Output;
        public required ReadOnlySpan<T> Beta;

        public readonly void Run(int part)
        {
            for (int row = part * Examples; row < Math.Min(Input.Rows, (part + 1) * Examples); row++)
            {
                ReadOnlySpan<T> x = Input.Row(row);
                Span<T> y = Output.Row(row);
                for (int j = 0; j < x.Length; j++)
                    y[j] = x[j] * VectorMath.Sigmoid(Beta[j % Beta.Length] * x[j]);
            }
        }
    }
}
