using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>The runtime of <see cref="Ensemble"/>: it runs the members one after another, each with the same input.</summary>
internal sealed class EnsembleRuntime<T> : LayerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The smallest normal float: a probability below it has underflowed, and its logarithm stays finite.</summary>
    private static readonly T Smallest = T.CreateChecked(1.17549435e-38);

    private static readonly T SmallestLog = VectorMath.Log(Smallest);

    private readonly EnsembleCombination _combination;
    private readonly LayerRuntime<T>[] _members;

    public EnsembleRuntime(EnsembleCombination combination, LayerRuntime<T>[] members, Shape input, Shape output)
        : base(input, output)
    {
        _combination = combination;
        _members = members;
        Parameters = [.. members.SelectMany(member => member.Parameters)];
        Buffers = [.. members.SelectMany(member => member.Buffers)];
        Traits = new() { ReadsBytes = Array.TrueForAll(members, member => member.Traits.ReadsBytes) };
    }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    public override IReadOnlyList<StateBuffer<T>> Buffers { get; }

    public override LayerTraits Traits { get; }

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
        new Workspace(this, capacity, mode, workers);

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        var space = (Workspace)workspace;
        for (int i = 0; i < _members.Length; i++)
        {
            MatrixView<T> scores = space.Scores[i].SliceRows(0, input.Rows);
            _members[i].Forward(input, scores, space.Members[i]);
            RowReductions.Softmax(scores, space.Probabilities[i].SliceRows(0, input.Rows), default);
        }
        T count = T.CreateChecked(_members.Length);
        for (int row = 0; row < input.Rows; row++)
        {
            Span<T> mean = output.Row(row);
            mean.Clear();
            foreach (Matrix<T> probabilities in space.Probabilities)
            {
                ReadOnlySpan<T> from = probabilities.Row(row);
                for (int j = 0; j < mean.Length; j++)
                    mean[j] += from[j];
            }
            for (int j = 0; j < mean.Length; j++)
                mean[j] /= count;
            if (_combination == EnsembleCombination.MajorityVote)
                Vote(space, row, mean);
            for (int j = 0; j < mean.Length; j++)
                mean[j] = VectorMath.Log(T.Max(mean[j], Smallest));
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
        if (_combination == EnsembleCombination.MajorityVote)
            throw new InvalidOperationException("A majority vote has no gradient. Train the members, or an ensemble that averages.");
        var space = (Workspace)workspace;
        int firstParameter = 0;
        for (int i = 0; i < _members.Length; i++)
        {
            MatrixView<T> scores = space.Scores[i].SliceRows(0, input.Rows);
            MatrixView<T> scoreGradient = space.ScoreGradient.SliceRows(0, input.Rows);
            for (int row = 0; row < input.Rows; row++)
                AverageDerivative(output.Row(row), space.Probabilities[i].Row(row), outputGradient.Row(row), scoreGradient.Row(row));
            MatrixView<T> memberInputGradient =
                inputGradient.IsEmpty ? default : i == 0 ? inputGradient : space.InputGradient.SliceRows(0, input.Rows);
            int count = _members[i].Parameters.Count;
            _members[i].Backward(
                input, scores, scoreGradient, memberInputGradient, gradients.Slice(firstParameter, count), space.Members[i]);
            firstParameter += count;
            for (int row = 0; row < inputGradient.Rows && i > 0; row++)
            {
                Span<T> sum = inputGradient.Row(row);
                ReadOnlySpan<T> term = memberInputGradient.Row(row);
                for (int j = 0; j < sum.Length; j++)
                    sum[j] += term[j];
            }
        }
    }

    private static void Vote(Workspace space, int row, Span<T> mean)
    {
        foreach (Matrix<T> probabilities in space.Probabilities)
        {
            ReadOnlySpan<T> from = probabilities.Row(row);
            int best = 0;
            for (int j = 1; j < from.Length; j++)
                best = from[j] > from[best] ? j : best;
            mean[best] += T.One;
        }
        T voters = T.CreateChecked(space.Probabilities.Length + 1);
        for (int j = 0; j < mean.Length; j++)
            mean[j] /= voters;
    }

    /// <summary>
    /// With y = log(mean of p) and p = softmax(s): the gradient of p_j is g_j / (members exp(y_j)), and that of s_j is p_j times what the
    /// gradient of p_j exceeds the p-weighted mean of them by. Where y is held at the logarithm of the smallest probability, p has none.
    /// </summary>
    private void AverageDerivative(
        ReadOnlySpan<T> output, ReadOnlySpan<T> probabilities, ReadOnlySpan<T> outputGradient, Span<T> scoreGradient)
    {
        T members = T.CreateChecked(_members.Length);
        T weighted = T.Zero;
        for (int j = 0; j < output.Length; j++)
        {
            T derivative = output[j] > SmallestLog ? outputGradient[j] / (members * VectorMath.Exp(output[j])) : T.Zero;
            scoreGradient[j] = derivative;
            weighted += derivative * probabilities[j];
        }
        for (int j = 0; j < output.Length; j++)
            scoreGradient[j] = probabilities[j] * (scoreGradient[j] - weighted);
    }

    private sealed class Workspace : LayerWorkspace<T>
    {
        public Workspace(EnsembleRuntime<T> owner, int capacity, RunMode mode, WorkerPool workers)
            : base(capacity, mode, workers)
        {
            int outputs = owner.OutputShape.Count;
            bool trains = mode == RunMode.Training;
            Members = [.. owner._members.Select(member => member.CreateWorkspace(capacity, mode, workers))];
            Scores = [.. owner._members.Select(_ => new Matrix<T>(capacity, outputs))];
            Probabilities = [.. owner._members.Select(_ => new Matrix<T>(capacity, outputs))];
            ScoreGradient = new(trains ? capacity : 0, outputs);
            InputGradient = new(trains ? capacity : 0, owner.InputShape.Count);
        }

        public LayerWorkspace<T>[] Members { get; }

        public Matrix<T>[] Scores { get; }

        public Matrix<T>[] Probabilities { get; }

        public Matrix<T> ScoreGradient { get; }

        public Matrix<T> InputGradient { get; }

        public override unsafe long MemoryInBytes =>
            (sizeof(T) * (Scores.Concat(Probabilities).Sum(matrix => (long)matrix.Count) + ScoreGradient.Count + InputGradient.Count))
            + Members.Sum(member => member.MemoryInBytes);

        public override void SetNoise(RandomKey noise)
        {
            base.SetNoise(noise);
            for (int i = 0; i < Members.Length; i++)
                Members[i].SetNoise(noise.Derive(i));
        }
    }
}
