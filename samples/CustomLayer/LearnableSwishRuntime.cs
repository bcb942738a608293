using System.Numerics;
using DeepLearn.Kernels;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Samples.CustomLayer;

/// <summary>The runtime of <see cref="LearnableSwish"/> for one shape and precision: it owns the betas and knows the way back.</summary>
internal class LearnableSwishRuntime<T> : SimpleLayerRuntime<T>
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

    protected override void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output)
    {
        ReadOnlySpan<T> beta = _beta.Value.Row(0);
        for (int row = 0; row < input.Rows; row++)
        {
            ReadOnlySpan<T> x = input.Row(row);
            Span<T> y = output.Row(row);
            for (int j = 0; j < x.Length; j++)
                y[j] = x[j] * VectorMath.Sigmoid(beta[j % beta.Length] * x[j]);
        }
    }

    protected override void Backward(
        ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, ReadOnlyMatrixView<T> outputGradient, MatrixView<T> inputGradient)
    {
        ReadOnlySpan<T> beta = _beta.Value.Row(0);
        Span<T> betaGradient = _beta.Gradient.Row(0); // zeros, when the pass begins
        for (int row = 0; row < input.Rows; row++)
        {
            ReadOnlySpan<T> x = input.Row(row), derivative = outputGradient.Row(row);
            Span<T> inputDerivative = inputGradient.Row(row);
            for (int j = 0; j < x.Length; j++)
            {
                T b = beta[j % beta.Length];
                T sigmoid = VectorMath.Sigmoid(b * x[j]);
                betaGradient[j % beta.Length] += derivative[j] * x[j] * x[j] * sigmoid * (T.One - sigmoid);
                inputDerivative[j] = derivative[j] * Derivative(x[j], b, sigmoid);
            }
        }
    }

    /// <summary>The derivative of <c>x * sigmoid(beta * x)</c> with respect to x, by the product rule.</summary>
    protected virtual T Derivative(T x, T beta, T sigmoid) => sigmoid + (beta * x * sigmoid * (T.One - sigmoid));
}
