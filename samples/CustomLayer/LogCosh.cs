using System.Numerics;
using DeepLearn.Kernels;
using DeepLearn.Losses;
using DeepLearn.Tensors;

namespace DeepLearn.Samples.CustomLayer;

/// <summary>
/// A loss of our own: <c>log(cosh(e))</c> of each error e, the mean over examples and outputs. Near 0 it is <c>e^2 / 2</c>, far out
/// <c>|e| - log 2</c>, so that a target that is badly wrong pulls with a derivative of 1 at most, <c>tanh(e)</c>.
/// </summary>
internal sealed record LogCosh : Loss
{
    public override bool TakesLabels => false;

    public override bool TakesValues => true;

    // The base has checked the shapes. One pass gives the mean and, where it is wanted, its gradient.
    protected override double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
    {
        double total = 0;
        double count = (double)outputs.Rows * outputs.Columns;
        T share = T.CreateChecked(1 / count);
        for (int row = 0; row < outputs.Rows; row++)
        {
            for (int j = 0; j < outputs.Columns; j++)
            {
                T error = outputs[row, j] - targets.Values[row, j];
                total += double.CreateChecked(Of(error));
                if (!gradient.IsEmpty)
                    gradient[row, j] = share * VectorMath.Tanh(error);
            }
        }
        return total / count;
    }

    // log((exp(e) + exp(-e)) / 2), without the powers that would overflow.
    private static T Of<T>(T error)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T size = T.Abs(error);
        return size + VectorMath.Log1p(VectorMath.Exp(-(size + size))) - VectorMath.Log(T.One + T.One);
    }
}
