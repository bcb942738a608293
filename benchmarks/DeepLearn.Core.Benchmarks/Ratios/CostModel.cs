using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>
/// A model of the time of a step in microseconds: a price for the step itself, for its floating-point operations, for its parameters, and
/// for its activations. The prices minimize the sum of the squared relative errors, so that a small step counts as much as a large one.
/// </summary>
internal sealed class CostModel
{
    /// <summary>The fewest rows; with fewer, the prices would fit anything.</summary>
    public const int LeastRows = 8;

    private const int Terms = 4;

    private readonly double[] _prices;

    private CostModel(double[] prices, IReadOnlyList<double> errors)
    {
        _prices = prices;
        Errors = errors;
    }

    /// <summary>The microseconds of a step, whatever its size.</summary>
    public double Call => _prices[0];

    /// <summary>The speed of the operations alone, in GFLOP/s; infinite if their price is 0.</summary>
    public double Gflops => 1e-3 / _prices[1];

    /// <summary>The microseconds for a million parameters.</summary>
    public double PerMillionParameters => _prices[2] * 1e6;

    /// <summary>The microseconds for a million numbers of a batch, inputs and activations.</summary>
    public double PerMillionActivations => _prices[3] * 1e6;

    /// <summary>The error of the model in each row, relative to the measurement.</summary>
    public IReadOnlyList<double> Errors { get; }

    /// <summary>Fits the prices to measured steps. A term whose price would be negative is left out.</summary>
    /// <param name="rows">The steps, of one type.</param>
    /// <exception cref="ArgumentException">Fewer rows than <see cref="LeastRows"/>.</exception>
    public static CostModel Fit(IReadOnlyList<StepCost> rows)
    {
        if (rows.Count < LeastRows)
            throw new ArgumentException($"A fit needs {LeastRows} rows or more; found {rows.Count}.", nameof(rows));
        double[][] shares = [.. rows.Select(row => Amounts(row).Select(amount => amount / row.Step.Median).ToArray())];
        double[] prices = new double[Terms];
        double least = double.PositiveInfinity;

        // There are so few sets of terms that all of them are tried. The best one without a negative price is the least-squares solution
        // under that constraint.
        for (int set = 1; set < 1 << Terms; set++)
        {
            int[] terms = [.. Enumerable.Range(0, Terms).Where(term => (set >> term & 1) != 0)];
            double[] candidate = Solve(shares, terms);
            double squares = shares.Sum(row => Math.Pow(Product(row, candidate) - 1, 2));
            if (squares < least && candidate.All(price => price >= 0))
                (least, prices) = (squares, candidate);
        }
        return new(prices, [.. shares.Select(row => Product(row, prices) - 1)]);
    }

    /// <summary>The microseconds that a step should take.</summary>
    public double Predict(StepCost row) => Product(Amounts(row), _prices);

    private static double[] Amounts(StepCost row) => [1, row.Flops, row.Parameters, row.Activations];

    private static double Product(double[] row, double[] prices) => row.Zip(prices, (amount, price) => amount * price).Sum();

    /// <summary>
    /// The prices of some terms for which all rows are as near to 1 as possible, in the least-squares sense; zero for other terms, NaN if
    /// the rows cannot tell the terms apart.
    /// </summary>
    private static double[] Solve(double[][] rows, int[] terms)
    {
        // The columns differ by ten orders of magnitude, so they are normalized to length 1.
        var columns = Matrix<double>.Build.Dense(rows.Length, terms.Length, (row, column) => rows[row][terms[column]]);
        Vector<double> lengths = columns.ColumnNorms(2);
        QR<double> factors = columns.NormalizeColumns(2).QR(QRMethod.Thin);
        bool toldApart = factors.R.Diagonal().AbsoluteMinimum() > 1e-7;
        Vector<double> found = factors.Solve(Vector<double>.Build.Dense(rows.Length, 1)).PointwiseDivide(lengths);
        double[] prices = new double[Terms];
        for (int i = 0; i < terms.Length; i++)
            prices[terms[i]] = toldApart ? found[i] : double.NaN;
        return prices;
    }
}
