using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// A sigmoid and the cross-entropy of a yes or no, for each output on its own:
/// <c>loss = p * t * log(1 + exp(-s)) + (1 - t) * log(1 + exp(s))</c> for a score s, a target t from 0 to 1 and a weight p of yes; slope
/// <c>(1 - t) * sigmoid(s) - p * t * sigmoid(-s)</c>.
/// </summary>
/// <remarks>
/// With one output a label is 1 for yes and 0 for no. With several, one sigmoid for each class: a label says which output is yes, the
/// others being no, and a row of numbers says it of each, so that an example may belong to many classes or none.
/// The same as PyTorch's <c>BCEWithLogitsLoss</c>, its <c>pos_weight</c> being <see cref="PositiveWeights"/>. Neither exponential can
/// overflow; scores of plus and minus infinity are certainty, which is right at no loss or wrong at an infinite one.
/// </remarks>
public sealed record SigmoidBinaryCrossEntropy : Loss
{
    /// <summary>The factor on the loss of a yes for each output, finite and at least 0, to make up for classes that are rare. Default: empty, which is 1 for each.</summary>
    public ValueList<double> PositiveWeights { get; init => field = LossGuard.Weights(value, nameof(PositiveWeights)); } = [];

    /// <summary>How the terms of an example's outputs become its loss. Default <see cref="OutputReduction.Mean"/>.</summary>
    public OutputReduction Reduction { get; init; }

    /// <inheritdoc/>
    public override bool TakesLabels => true;

    /// <inheritdoc/>
    public override bool TakesValues => true;

    /// <inheritdoc/>
    protected override int ClassCount(int outputs) => Math.Max(outputs, 2);

    /// <inheritdoc/>
    protected override void CheckOutputs(int outputs) => LossGuard.WeightForEach(PositiveWeights, outputs, nameof(PositiveWeights));

    /// <inheritdoc/>
    protected override double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient) =>
        ElementwiseSum.Compute(new Element<T>(PositiveWeights), Reduction, outputs, targets, gradient);

    private readonly struct Element<T>(ValueList<double> weights) : IElementLoss<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T Compute(T output, T target, int column, out T slope)
        {
            // With e = exp(-|s|), at most 1: the sigmoids of |s| and -|s|, and log(1 + exp(-|s|)), for one exponential.
            T e = VectorMath.Exp(-T.Abs(output));
            T large = T.One / (T.One + e);
            T small = e * large;
            T rest = VectorMath.Log1p(e);
            bool positive = output > T.Zero;
            T yes = (weights.Count == 0 ? T.One : T.CreateChecked(weights[column])) * target;
            T no = T.One - target;
            slope = (no * (positive ? large : small)) - (yes * (positive ? small : large));
            return Term(yes, positive ? rest : rest - output) + Term(no, positive ? rest + output : rest);
        }

        /// <summary>A product that is 0 where the factor is, though the loss be infinite.</summary>
        private static T Term(T factor, T loss) => T.IsZero(factor) && !T.IsNaN(loss) ? T.Zero : factor * loss;
    }
}
