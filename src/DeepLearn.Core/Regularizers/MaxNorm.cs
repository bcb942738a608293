using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>
/// A bound on the incoming weights of each unit: after every update, each column of a weight matrix <c>[inputs, units]</c> whose Euclidean
/// length is above the maximum is shortened to it. There is no penalty.
/// </summary>
/// <remarks>
/// Srebro and Shraibman, "Rank, Trace-Norm and Max-Norm", 2005; for networks Hinton, Srivastava, Krizhevsky, Sutskever and Salakhutdinov,
/// "Improving Neural Networks by Preventing Co-Adaptation of Feature Detectors", 2012. Their usual maximum is 3 to 4. The sums of squares
/// are those of the column reductions, in T; where they leave its range, they are taken in double.
/// </remarks>
/// <example><code>TrainingPlan bounded = plan with { Regularizer = new MaxNorm(3) };</code></example>
public sealed record MaxNorm : Regularizer
{
    private const int Block = 256;

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
            : throw new ArgumentOutOfRangeException(nameof(Maximum), value, "The greatest length of a column is finite and above 0.");
    }

    /// <inheritdoc/>
    public override PenaltyGradient Gradient => PenaltyGradient.None;

    /// <inheritdoc/>
    public override bool HasConstraint => true;

    /// <inheritdoc/>
    public override double Penalty<T>(ReadOnlyMatrixView<T> value) => 0;

    /// <inheritdoc/>
    public override void Project<T>(MatrixView<T> value)
    {
        // A block of columns at a time, so that the sums stay on the stack.
        Span<T> buffer = stackalloc T[Block];
        for (int column = 0; column < value.Columns && value.Rows > 0; column += Block)
        {
            MatrixView<T> block = value.Slice(0, column, value.Rows, Math.Min(Block, value.Columns - column));
            Span<T> factors = buffer[..block.Columns];
            ColumnReductions.SumOfSquares(block, T.One, T.Zero, factors);
            if (!TurnIntoFactors<T>(block, factors))
                continue;
            for (int row = 0; row < block.Rows; row++)
                Arithmetic.Multiply(block.Row(row), factors, block.Row(row));
        }
    }

    /// <summary>Turns sums of squares into the factors of their columns, and says whether any is not 1.</summary>
    private bool TurnIntoFactors<T>(ReadOnlyMatrixView<T> block, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool any = false;
        for (int column = 0; column < sums.Length; column++)
        {
            double length = T.IsNormal(sums[column]) ? Math.Sqrt(double.CreateChecked(sums[column])) : LengthOf(block, column);

            // A column whose length is not finite is left for the training step to find.
            bool tooLong = length > Maximum && double.IsFinite(length);
            any |= tooLong;
            sums[column] = tooLong ? T.CreateChecked(Maximum / length) : T.One;
        }
        return any;
    }

    /// <summary>The length of a column whose squares left the range of T.</summary>
    private static double LengthOf<T>(ReadOnlyMatrixView<T> block, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int row = 0; row < block.Rows; row++)
        {
            double value = double.CreateChecked(block[row, column]);
            sum += value * value;
        }
        return Math.Sqrt(sum);
    }
}
