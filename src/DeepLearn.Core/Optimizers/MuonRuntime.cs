using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="Muon"/>.</summary>
internal sealed class MuonRuntime<T> : OptimizerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double TinyLength = 1e-7;

    // X = a X + X (b A + c A A) with A = X'X, or the same from the left where the rows are fewer.
    private static readonly T OfX = T.CreateChecked(3.4445);
    private static readonly T OfCube = T.CreateChecked(-4.7750);
    private static readonly T OfFifth = T.CreateChecked(2.0315);

    private readonly Muon _options;
    private readonly DecoupledDecay<T> _decay;
    private readonly StateBuffer<T>[] _velocity;
    private readonly T _momentum;

    // Shared by all parameters, one after another: two matrices of the largest shape and two of its shorter side's square.
    private readonly T[] _step;
    private readonly T[] _next;
    private readonly T[] _square;
    private readonly T[] _polynomial;

    public MuonRuntime(Muon options, IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        _options = options;
        _decay = new(options.WeightDecay, options.DecayAppliesTo, parameters);
        _velocity = CreateState("momentum");
        _momentum = T.CreateChecked(options.Momentum);
        int count = parameters.Select(parameter => parameter.Value.Count).DefaultIfEmpty().Max();
        int side = parameters.Select(parameter => Math.Min(parameter.Value.Rows, parameter.Value.Columns)).DefaultIfEmpty().Max();
        (_step, _next) = (new T[count], new T[count]);
        (_square, _polynomial) = (new T[side * side], new T[side * side]);
    }

    public override IReadOnlyList<StateBuffer<T>> State => _velocity;

    public override void Update(int index, double rate, long step)
    {
        Parameter<T> parameter = Parameters[index];
        int rows = parameter.Value.Rows, columns = parameter.Value.Columns;
        Span<T> value = parameter.Value.AsSpan(), direction = _step.AsSpan(0, value.Length), velocity = _velocity[index].Value.AsSpan();
        ReadOnlySpan<T> gradient = parameter.Gradient.AsSpan();
        Arithmetic.Blend(gradient, T.One, velocity, _momentum, velocity);
        if (_options.Nesterov)
            Arithmetic.Blend(gradient, T.One, velocity, _momentum, direction);
        else
            velocity.CopyTo(direction);
        if (_options.NormalizesWeights)
            Rescale(value, Math.Sqrt(columns), 0);
        Rescale(direction, 1, TinyLength);
        Span<T> orthogonal = Orthogonalize(rows, columns);
        var terms = new UpdateTerms<T>(T.CreateChecked(ScaleOf(rows, columns)), T.Zero, T.Zero, T.CreateChecked(_decay.Of(index)));
        OptimizerUpdates.Sgd(orthogonal, T.CreateChecked(rate), terms, value);
    }

    private static void Rescale(Span<T> numbers, double length, double added)
    {
        double found = double.CreateChecked(Reduce.Norm<T>(numbers)) + added;
        if (found != 0)
            Arithmetic.Scale(numbers, T.CreateChecked(length / found), numbers);
    }

    private double ScaleOf(int inputs, int outputs) => _options.Scale switch
    {
        MuonScale.Outputs => Math.Sqrt(Math.Max(1, (double)outputs / inputs)),
        MuonScale.LikeAdam => 0.2 * Math.Sqrt(Math.Max(inputs, outputs)),
        _ => 1,
    };

    /// <summary>Iterates from the matrix in the first buffer. Returns the one that holds the result.</summary>
    private Span<T> Orthogonalize(int rows, int columns)
    {
        int side = Math.Min(rows, columns);
        bool isTall = rows >= columns;
        T[] from = _step, to = _next;
        for (int iteration = 0; iteration < _options.Iterations; iteration++)
        {
            var x = new MatrixView<T>(from.AsSpan(0, rows * columns), rows, columns);
            var result = new MatrixView<T>(to.AsSpan(0, rows * columns), rows, columns);
            var square = new MatrixView<T>(_square.AsSpan(0, side * side), side, side);
            var polynomial = new MatrixView<T>(_polynomial.AsSpan(0, side * side), side, side);
            MatrixProduct.Multiply<T>(x, x, new ProductOptions<T> { TransposeA = isTall, TransposeB = !isTall }, Workers, square);
            ((ReadOnlyMatrixView<T>)square).CopyTo(polynomial);
            MatrixProduct.Multiply<T>(square, square, new ProductOptions<T> { Alpha = OfFifth, Beta = OfCube }, Workers, polynomial);
            ((ReadOnlyMatrixView<T>)x).CopyTo(result);
            var last = new ProductOptions<T> { Beta = OfX };
            if (isTall)
                MatrixProduct.Multiply<T>(x, polynomial, last, Workers, result);
            else
                MatrixProduct.Multiply<T>(polynomial, x, last, Workers, result);
            (from, to) = (to, from);
        }
        return from.AsSpan(0, rows * columns);
    }
}
