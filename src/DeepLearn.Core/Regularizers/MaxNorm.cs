using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>
/// A bound on the weights that arrive at each unit: after every update each column of a weight matrix <c>[inputs, units]</c> whose Euclidean
/// length is above the maximum is shortened to it. There is no penalty.
/// </summary>
/// <remarks>
/// Srebro and Shraibman, "Rank, Trace-Norm and Max-Norm", 2005; for networks Hinton, Srivastava, Krizhevsky, Sutskever and Salakhutdinov,
/// "Improving Neural Networks by Preventing Co-Adaptation of Feature Detectors", 2012. Their usual maximum is 3 to 4. The lengths are summed
/// in double, in the order of the rows.
/// </remarks>
public sealed record MaxNorm : Regularizer
{
    private const int Block = 64;

    /// <summary>The constraint with the given maximum.</summary>
    /// <param name="maximum">The greatest length of a column, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximum"/> is out of its range.</exception>
    public MaxNorm(double maximum) => Maximum = maximum;

    /// <summary>The greatest length of a column, finite and above 0.</summary>
    public double Maximum
    {
        get;
        init => field = double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Maximum), value, "The greatest length of a unit's weights is finite and above 0.");
    }

    /// <inheritdoc/>
    public override double? LinearSlope => 0;

    /// <inheritdoc/>
    public override bool HasConstraint => true;

    /// <inheritdoc/>
    public override double Penalty<T>(ReadOnlyMatrixView<T> value) => 0;

    /// <inheritdoc/>
    public override void AddSlope<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient)
    {
    }

    /// <inheritdoc/>
    public override void Project<T>(MatrixView<T> value)
    {
        // A block of columns at a time, so that rows are read in order and the sums stay on the stack.
        Span<double> sums = stackalloc double[Block];
        for (int column = 0; column < value.Columns && value.Rows > 0; column += Block)
        {
            MatrixView<T> block = value.Slice(0, column, value.Rows, Math.Min(Block, value.Columns - column));
            Span<double> squares = sums[..block.Columns];
            SumSquares(block, squares);
            Shorten(block, squares);
        }
    }

    private static void SumSquares<T>(MatrixView<T> block, Span<double> squares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        squares.Clear();
        for (int row = 0; row < block.Rows; row++)
        {
            ReadOnlySpan<T> elements = block.Row(row);
            for (int j = 0; j < squares.Length; j++)
            {
                double x = double.CreateChecked(elements[j]);
                squares[j] = Math.FusedMultiplyAdd(x, x, squares[j]);
            }
        }
    }

    private void Shorten<T>(MatrixView<T> block, Span<double> squares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The sums become factors. A column whose sum is not finite is left for the training step to find.
        bool any = false;
        foreach (ref double sum in squares)
        {
            double length = Math.Sqrt(sum);
            bool tooLong = length > Maximum && double.IsFinite(length);
            any |= tooLong;
            sum = tooLong ? Maximum / length : 1;
        }
        for (int row = 0; any && row < block.Rows; row++)
        {
            Span<T> elements = block.Row(row);
            for (int j = 0; j < squares.Length; j++)
                elements[j] *= T.CreateChecked(squares[j]);
        }
    }
}
