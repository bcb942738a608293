using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Kernels;

/// <summary>Runs every elementwise kernel, function and reduction on the same made-up numbers.</summary>
public static class KernelRuns
{
    /// <summary>Calls back with the name and the results of each kernel on spans of a length, and on matrices made of it.</summary>
    public static void All<T>(int n, Action<string, T[]> sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Functions(n, sink);
        Arithmetics(n, sink);
        Activation(n, sink);
        Updates(n, sink);
        Others(n, sink);
        Reductions(n, sink);
        Matrices(n, sink);
    }

    /// <summary>Numbers of many magnitudes; with specials, infinities, NaN, zeros and subnormal numbers among them.</summary>
    public static T[] Numbers<T>(int n, int seed, bool specials = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random((n * 31) + seed);
        var numbers = new T[n];
        for (int i = 0; i < n; i++)
        {
            double value = ((random.NextDouble() * 2) - 1) * (random.Next(4) == 0 ? Math.ScaleB(1, random.Next(-12, 8)) : 3);
            numbers[i] = T.CreateChecked(value);
            if (specials && random.Next(6) == 0)
            {
                numbers[i] = random.Next(8) switch
                {
                    0 => T.NaN,
                    1 => T.PositiveInfinity,
                    2 => T.NegativeInfinity,
                    3 => T.Zero,
                    4 => T.NegativeZero,
                    5 => T.Epsilon * T.CreateChecked(random.Next(1, 1000)),
                    6 => T.CreateChecked(-random.Next(80, 760)),
                    _ => T.CreateChecked(random.Next(80, 760)),
                };
            }
        }
        return numbers;
    }

    private static void Functions<T>(int n, Action<string, T[]> sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Numbers<T>(n, 1, specials: true);
        Run("exp", Transcendentals.Exp);
        Run("expm1", Transcendentals.Expm1);
        Run("log", Transcendentals.Log);
        Run("log1p", Transcendentals.Log1p);
        Run("tanh", Transcendentals.Tanh);
        Run("sigmoid", Transcendentals.Sigmoid);
        Run("softplus", Transcendentals.Softplus);
        Run("erf", Transcendentals.Erf);
        if (typeof(T) == typeof(double))
        {
            double[] angles = [.. x.Select(value => double.CreateChecked(value) * 1000)];
            double[] sines = new double[n], cosines = new double[n];
            Transcendentals.Sin(angles, sines);
            Transcendentals.Cos(angles, cosines);
            sink("sin", (T[])(object)sines);
            sink("cos", (T[])(object)cosines);
        }

        void Run(string name, Function<T> f)
        {
            var y = new T[n];
            f(x, y);
            sink(name, y);
        }
    }

    private static void Arithmetics<T>(int n, Action<string, T[]> sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Numbers<T>(n, 1, specials: true), y = Numbers<T>(n, 2, specials: true), z = Numbers<T>(n, 3, specials: true);
        T two = T.CreateChecked(2), third = T.One / T.CreateChecked(3);
        Run("add", to => Arithmetic.Add(x, y, to));
        Run("subtract", to => Arithmetic.Subtract(x, y, to));
        Run("multiply", to => Arithmetic.Multiply(x, y, to));
        Run("divide", to => Arithmetic.Divide(x, y, to));
        Run("multiply-add", to => Arithmetic.MultiplyAdd(x, y, z, to));
        Run("scale", to => Arithmetic.Scale(x, third, to));
        Run("add scaled", to => Arithmetic.AddScaled(x, third, to));
        Run("blend", to => Arithmetic.Blend(x, third, y, two, to));
        Run("clamp", to => Arithmetic.Clamp(x, -third, two, to));
        Run("abs", to => Arithmetic.Abs(x, to));
        Run("negate", to => Arithmetic.Negate(x, to));
        Run("sign", to => Arithmetic.Sign(x, to));
        Run("square", to => Arithmetic.Square(x, to));
        Run("square root", to => Arithmetic.SquareRoot(x, to));

        void Run(string name, Action<T[]> kernel)
        {
            var to = (T[])z.Clone();
            kernel(to);
            sink(name, to);
        }
    }

    private static void Activation<T>(int n, Action<string, T[]> sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Numbers<T>(n, 1, specials: true), g = Numbers<T>(n, 2, specials: true);
        T slope = T.CreateChecked(0.1), alpha = T.CreateChecked(1.3);
        Run("relu", to => Activations.Relu(x, to));
        Run("relu back", to => Activations.ReluBackward(x, g, to));
        Run("leaky", to => Activations.LeakyRelu(x, slope, to));
        Run("leaky back", to => Activations.LeakyReluBackward(x, g, slope, to));
        Run("elu", to => Activations.Elu(x, alpha, to));
        Run("elu back", to => Activations.EluBackward(x, g, alpha, to));
        Run("gelu", to => Activations.Gelu(x, to));
        Run("gelu back", to => Activations.GeluBackward(x, g, to));
        Run("gelu tanh", to => Activations.GeluTanh(x, to));
        Run("gelu tanh back", to => Activations.GeluTanhBackward(x, g, to));
        Run("silu", to => Activations.Silu(x, to));
        Run("silu back", to => Activations.SiluBackward(x, g, to));
        Run("sigmoid layer", to => Activations.Sigmoid(x, to));
        Run("sigmoid back", to => Activations.SigmoidBackward(x, g, to));
        Run("tanh layer", to => Activations.Tanh(x, to));
        Run("tanh back", to => Activations.TanhBackward(x, g, to));
        Run("softplus layer", to => Activations.Softplus(x, to));
        Run("softplus back", to => Activations.SoftplusBackward(x, g, to));

        void Run(string name, Action<T[]> kernel)
        {
            var to = new T[n];
            kernel(to);
            sink(name, to);
        }
    }

    private static void Updates<T>(int n, Action<string, T[]> sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] g = Numbers<T>(n, 4);
        const double share = 0.9, most = 0.999;
        T rate = T.CreateChecked(0.01), epsilon = T.CreateChecked(1e-8);
        var terms = new UpdateTerms<T>(T.CreateChecked(0.7), T.CreateChecked(0.01), T.CreateChecked(0.02), T.One);
        Run("sgd", (w, _, _) => OptimizerUpdates.Sgd(g, rate, terms, w));
        Run("momentum", (w, v, _) => OptimizerUpdates.Momentum(g, rate, share, terms, w, v));
        Run("nesterov", (w, v, _) => OptimizerUpdates.Nesterov(g, rate, share, terms, w, v));
        Run("rmsprop", (w, _, s) => OptimizerUpdates.RmsProp(g, rate, share, epsilon, terms, w, s));
        T correction1 = T.CreateChecked(0.1), correction2 = T.CreateChecked(0.001);
        Run("adam", (w, m, s) => OptimizerUpdates.Adam(g, rate, share, most, correction1, correction2, epsilon, terms, w, m, s));
        Run("lion", (w, m, _) => OptimizerUpdates.Lion(g, rate, share, most, terms, w, m));
        Run("average", (w, m, _) => OptimizerUpdates.MovingAverage(w, most, m));
        Run("slow average", (w, m, _) => OptimizerUpdates.MovingAverage(w, 0.9999999, m));
        Run("compensated average", (w, m, s) => OptimizerUpdates.MovingAverage(w, 0.9999999, m, s));
        Run("slow adam", (w, m, s) => OptimizerUpdates.Adam(g, rate, 0.99999999, 0.9999999, rate, rate, epsilon, terms, w, m, s));
        Run("slow momentum", (w, v, _) => OptimizerUpdates.Nesterov(g, rate, 0.9999999, terms, w, v));

        void Run(string name, Action<T[], T[], T[]> kernel)
        {
            T[] w = Numbers<T>(n, 5), m = Numbers<T>(n, 6), s = [.. Numbers<T>(n, 7).Select(value => value * value)];
            kernel(w, m, s);
            sink(name, [.. w, .. m, .. s]);
        }
    }

    private static void Others<T>(int n, Action<string, T[]> sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Numbers<T>(n, 1), scale = Numbers<T>(n, 2), offset = Numbers<T>(n, 3);
        var bytes = new byte[n];
        new Random(n).NextBytes(bytes);
        var to = new T[n];
        ByteConversion.Convert(bytes, scale, offset, to);
        sink("bytes per feature", [.. to]);
        ByteConversion.Convert(bytes, T.CreateChecked(1 / 255.0), T.CreateChecked(-0.5), to);
        sink("bytes", [.. to]);

        // Rows in fours and fewer, narrower than what they are cut from.
        var rows = new Matrix<T>(6, n);
        var many = new byte[9 * (n + 1)];
        new Random(n).NextBytes(many);
        ByteConversion.ConvertRows(many.AsSpan(1), n + 1, [7, 0, 3, 3, 1, 5], scale, offset, rows.View);
        sink("rows of bytes per feature", rows.AsSpan().ToArray());
        ByteConversion.ConvertRows(many, n + 1, [8, 2, 4], T.CreateChecked(1 / 255.0), T.CreateChecked(-0.5), rows.SliceRows(0, 3));
        sink("rows of bytes", rows.AsSpan().ToArray());
        RandomKey key = RandomKey.FromSeed(7).Derive("dropout");
        Dropout.Apply(key, 0, 0.3, x, to);
        sink("dropout", [.. to]);
        Dropout.Apply(key, 12345, 0.5, x, to);
        sink("dropout from the middle", [.. to]);
    }

    private static void Reductions<T>(int n, Action<string, T[]> sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Numbers<T>(n, 1), y = Numbers<T>(n, 2), odd = Numbers<T>(n, 3, specials: true);
        sink("sum", [Reduce.Sum<T>(x)]);
        sink("sum of squares", [Reduce.SumOfSquares<T>(x)]);
        sink("sum of magnitudes", [Reduce.SumOfMagnitudes<T>(x)]);
        sink("norm", [Reduce.Norm<T>(x)]);
        sink("dot", [Reduce.Dot<T>(x, y)]);
        T[] tiny = [.. x.Select(value => T.CopySign(T.Epsilon, value))], against = [.. tiny.Select(value => -value)];
        sink("dot of tiny numbers", [Reduce.Dot<T>(tiny, against), Reduce.Sum<T>([.. x.Select(_ => T.NegativeZero)])]);
        (T mean, T variance) = Reduce.MeanAndVariance<T>(x);
        sink("mean and variance", [mean, variance]);
        sink("extremes", [Reduce.Max<T>(x), Reduce.Min<T>(x), Reduce.MaxMagnitude<T>(x), T.CreateChecked(Reduce.ArgMax<T>(x))]);
        sink("odd extremes", [Reduce.Max<T>(odd), Reduce.Min<T>(odd), Reduce.MaxMagnitude<T>(odd), T.CreateChecked(Reduce.ArgMax<T>(odd))]);
    }

    private static void Matrices<T>(int n, Action<string, T[]> sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Twice: n columns, then n rows, with a gap between rows.
        foreach ((int rows, int columns) in ((int, int)[])[(5, n), (n, 5)])
        {
            int stride = columns + 3;
            string shape = rows == 5 ? " of wide rows" : " of narrow rows";
            ReadOnlyMatrixView<T> x = new(Numbers<T>(rows * stride, 1), rows, columns, stride);
            ReadOnlyMatrixView<T> y = new(Numbers<T>(rows * stride, 2), rows, columns, stride);
            T[] perColumn = Numbers<T>(columns, 3), perRow = new T[rows], variances = new T[columns], rowVariances = new T[rows];
            T half = T.CreateChecked(0.5);
            ColumnReductions.Sum(x, half, T.One, perColumn);
            sink("column sums" + shape, [.. perColumn]);
            ColumnReductions.Dot(x, y, half, T.Zero, perColumn);
            sink("column dots" + shape, [.. perColumn]);
            ColumnReductions.SumOfSquares(x, half, T.Zero, perColumn);
            sink("column squares" + shape, [.. perColumn]);
            ColumnReductions.MeanAndVariance(x, perColumn, variances);
            sink("column moments" + shape, [.. perColumn, .. variances]);
            RowReductions.Sum(x, perRow);
            sink("row sums" + shape, [.. perRow]);
            RowReductions.MeanAndVariance(x, perRow, rowVariances);
            sink("row moments" + shape, [.. perRow, .. rowVariances]);
            RowReductions.LogSumExp(x, perRow);
            sink("row log-sums" + shape, [.. perRow]);
            Greatest(x, shape, sink);
            Greatest(new(Numbers<T>(rows * stride, 4, specials: true), rows, columns, stride), shape + " with specials", sink);
            var result = new T[rows * stride];
            MatrixView<T> to = new(result, rows, columns, stride);
            RowReductions.Softmax(x, to, perRow);
            sink("softmax" + shape, [.. result, .. perRow]);
            RowArithmetic.Standardize(x, perColumn, variances, to);
            RowArithmetic.ScaleAndShift(to, perColumn, variances, to);
            RowArithmetic.Add<T>(perColumn, to);
            sink("row arithmetic" + shape, [.. result]);
            var turned = new T[rows * columns];
            Transposition.Transpose(x, new MatrixView<T>(turned, columns, rows));
            sink("transpose" + shape, turned);
        }
    }

    private static void Greatest<T>(ReadOnlyMatrixView<T> x, string shape, Action<string, T[]> sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] perRow = new T[x.Rows], perColumn = new T[x.Columns];
        int[] ofRows = new int[x.Rows], ofColumns = new int[x.Columns];
        RowReductions.Max(x, perRow);
        RowReductions.ArgMax(x, ofRows);
        ColumnReductions.Max(x, perColumn);
        ColumnReductions.ArgMax(x, ofColumns);
        sink("greatest of rows" + shape, [.. perRow, .. ofRows.Select(T.CreateChecked)]);
        sink("greatest of columns" + shape, [.. perColumn, .. ofColumns.Select(T.CreateChecked)]);
    }

    private delegate void Function<T>(ReadOnlySpan<T> source, Span<T> destination);
}
