using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Testing.Tests;

/// <summary>What is wrong with a <see cref="FaultyLayer"/>.</summary>
internal enum LayerFault
{
    None,
    LongKind,
    OtherShape,
    TakesAnyShape,
    NamesNoPath,
    OtherByIdentity,
    OtherAtFloat,
    OtherTraits,
    NegativeMemory,
    HidesItsBuffer,
    WrongGradient,
    WrongAtFloat,
    SharesScratch,
    NeedsInputWanted,
    CountsInference,
    OtherAlone,
    UsesCapacity,
    OtherOnThreads,
    OtherWhenNested,
    Allocates,
    ReadsOutput,
    LastRowLeft,
    ClearsOutputGradient,
    IgnoresTargets,
    NeedsParameterWanted,
    FusesNearly,
    FusesWronglyInDouble,
    FusesBackwardNearly,
    ReportsTwice,
    FollowsNearly,
    ForgetsOffsetOfBytes,
}

/// <summary>
/// <c>y = scale * x</c>, a factor for each feature, less a moving average of the mean in inference. It declares what it can: it keeps the
/// gradient of the
/// output, reads bytes and, where <see cref="Fuses"/> says so, does both passes of a ReLU that follows.
/// </summary>
internal sealed record FaultyLayer(LayerFault Fault, bool Fuses = false) : Layer
{
    private static FaultyLayer? _first;

    public string[]? Names { get; init; }

    public string? Text { get; init; }

    public override string Kind => Fault == LayerFault.LongKind ? "Faulty layer" : "faulty";

    public override string ToString() => Text ?? $"FaultyLayer {{ Fault = {Fault} }}";

    public override Shape OutputShape(Shape input)
    {
        if (Fault != LayerFault.TakesAnyShape)
            RequireInput(input.Rank > 1, "several axes", input);
        return Fault == LayerFault.OtherShape ? new Shape(input.Count) : input;
    }

    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        OutputShape(build.Input);
        bool isOther = Fault == LayerFault.OtherByIdentity && !ReferenceEquals(_first ??= this, this);
        return Fuses ? new FusingRuntime<T>(build, Fault, isOther) : new Runtime<T>(build, Fault, isOther);
    }

    private class Runtime<T> : LayerRuntime<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Parameter<T> _scale;
        private readonly Matrix<T> _mean = new(1, 1);
        private readonly Matrix<T> _count = new(1, 1);
        private readonly LayerFault _fault;
        private readonly bool _isNested;

        public Runtime(LayerBuild build, LayerFault fault, bool isOther)
            : base(build.Input, build.Input)
        {
            _fault = fault;
            _isNested = build.Path.Contains("faulty", StringComparison.Ordinal);
            string Name(string what) => fault == LayerFault.NamesNoPath ? what : build.NameOf(what);
            _scale = new(Name("scale"), ParameterRole.Weights, 1, build.Input.Count);
            RandomStream random = build.Key.Derive("scale").Open();
            foreach (ref T scale in _scale.Value.AsSpan())
            {
                double number = 0.5 + random.NextUniform() + (isOther ? 1 : 0);
                scale = T.CreateChecked(number);
                if (fault == LayerFault.OtherAtFloat && typeof(T) == typeof(float))
                    scale = T.BitIncrement(scale);
            }
            Parameters = [_scale];
            var count = new StateBuffer<T>(Name("count"), _count);
            Buffers = fault == LayerFault.HidesItsBuffer ? [count] : [count, new(Name("mean"), _mean)];
        }

        public override IReadOnlyList<Parameter<T>> Parameters { get; }

        public override IReadOnlyList<StateBuffer<T>> Buffers { get; }

        public override LayerTraits Traits => new()
        {
            BackwardNeeds = BackwardNeeds.Input,
            KeepsOutputGradient = _fault != LayerFault.OtherTraits || typeof(T) == typeof(float),
            ReadsBytes = true,
        };

        public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
            _fault == LayerFault.NegativeMemory ? new Indebted(capacity, mode, workers) : new LayerWorkspace<T>(capacity, mode, workers);

        public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
        {
            if (_fault == LayerFault.Allocates)
                Noise.Allocate();
            bool trains = workspace.Mode == RunMode.Training;
            double wrong = _fault switch
            {
                LayerFault.WrongAtFloat when typeof(T) == typeof(float) => 0.01,
                LayerFault.SharesScratch when !trains && Noise.OthersAreHere() => 1,
                LayerFault.OtherAlone when !trains && input.Rows == 1 => 0.01,
                LayerFault.UsesCapacity when trains && workspace.Capacity > input.Rows => 0.01,
                LayerFault.OtherOnThreads when workspace.Workers.Threads > 1 => 0.01,
                LayerFault.OtherWhenNested when _isNested => 0.01,
                _ => 0,
            };
            T sum = T.Zero, shift = T.CreateChecked(wrong) - (trains ? T.Zero : _mean[0, 0]);
            for (int row = 0; row < input.Rows; row++)
            {
                if (_fault == LayerFault.LastRowLeft && row == input.Rows - 1 && !output.IsContiguous)
                    break;
                for (int j = 0; j < input.Columns; j++)
                {
                    T x = At(input, row, j);
                    sum += x;
                    output[row, j] = (_scale.Value[0, j] * x) + shift;
                }
            }
            if (trains)
                _mean[0, 0] = (T.CreateChecked(0.9) * _mean[0, 0]) + (T.CreateChecked(0.1 / input.Rows) * sum);
            else if (_fault == LayerFault.CountsInference)
                _count[0, 0] += T.One;
        }

        public override void Backward(
            LayerInput<T> input,
            ReadOnlyMatrixView<T> output,
            MatrixView<T> outputGradient,
            MatrixView<T> inputGradient,
            GradientTargets<T> gradients,
            LayerWorkspace<T> workspace)
        {
            if (_fault == LayerFault.NeedsParameterWanted && !gradients.AnyIsWanted)
                return;
            for (int row = 0; row < input.Rows && !inputGradient.IsEmpty; row++)
            {
                for (int j = 0; j < input.Columns; j++)
                    inputGradient[row, j] = _scale.Value[0, j] * outputGradient[row, j];
            }
            if (_fault == LayerFault.NeedsInputWanted && inputGradient.IsEmpty)
                return;
            for (int j = 0; j < input.Columns; j++)
            {
                T sum = T.Zero;
                for (int row = 0; row < input.Rows; row++)
                    sum += outputGradient[row, j] * (_fault == LayerFault.ReadsOutput ? output[row, j] / _scale.Value[0, j] : At(
                        input, row, j));
                if (_fault == LayerFault.WrongGradient)
                    sum *= T.CreateChecked(0.99);
                if (_fault == LayerFault.IgnoresTargets)
                    _scale.Gradient[0, j] = sum;
                else
                    gradients[0].Write(j, sum);
            }
            if (_fault == LayerFault.ClearsOutputGradient)
                outputGradient.Fill(T.Zero);
        }

        private T At(LayerInput<T> input, int row, int column)
        {
            if (!input.IsBytes)
                return input.Numbers[row, column];
            ByteRows<T> bytes = input.Bytes;
            return Read(bytes, row, column, _fault == LayerFault.ForgetsOffsetOfBytes ? T.Zero : bytes.Offset[column]);
        }

        private static T Read(ByteRows<T> bytes, int row, int column, T offset) =>
            T.FusedMultiplyAdd(T.CreateChecked(bytes.Row(row)[column]), bytes.Scale[column], offset);

        private sealed class Indebted(int capacity, RunMode mode, WorkerPool workers) : LayerWorkspace<T>(capacity, mode, workers)
        {
            public override long MemoryInBytes => -1;
        }
    }

    private sealed class FusingRuntime<T>(LayerBuild build, LayerFault fault, bool isOther)
        : Runtime<T>(build, fault, isOther), IFusesReluBackward<T>, IReportsOutput<T>, IFollowsInput<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly LayerFault _fault = fault;
        private bool _follows;

        public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
        {
            base.Forward(input, output, workspace);
            if (_follows && _fault == LayerFault.FollowsNearly)
                output[0, 0] = T.BitIncrement(output[0, 0]);
            _follows = false;
        }

        public IOutputFollower<T> Follow(int batch, LayerWorkspace<T> workspace)
        {
            _follows = true;
            return Deaf.Instance;
        }

        public void ForwardReporting(
            LayerInput<T> input, MatrixView<T> output, IOutputFollower<T> follower, LayerWorkspace<T> workspace)
        {
            Forward(input, output, workspace);
            for (int example = 0; example < output.Rows; example++)
                follower.Wrote(output, example, output.Columns);
            if (_fault == LayerFault.ReportsTwice)
                follower.Wrote(output, 0, 1);
        }

        public void ForwardRelu(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
        {
            Forward(input, output, workspace);
            for (int row = 0; row < output.Rows; row++)
            {
                foreach (ref T y in output.Row(row))
                {
                    y = T.Max(T.Zero, y);
                    if (_fault == LayerFault.FusesNearly && typeof(T) == typeof(float))
                        y = T.BitIncrement(y);
                    if (_fault == LayerFault.FusesWronglyInDouble && typeof(T) == typeof(double))
                        y *= T.CreateChecked(1.01);
                }
            }
        }

        public void BackwardRelu(
            LayerInput<T> input,
            ReadOnlyMatrixView<T> output,
            MatrixView<T> outputGradient,
            MatrixView<T> inputGradient,
            GradientTargets<T> gradients,
            LayerWorkspace<T> workspace)
        {
            var before = new Matrix<T>(output.Rows, output.Columns);
            for (int row = 0; row < output.Rows; row++)
            {
                for (int j = 0; j < output.Columns; j++)
                {
                    T gradient = output[row, j] > T.Zero ? outputGradient[row, j] : T.Zero;
                    bool isWrong = _fault == LayerFault.FusesBackwardNearly && typeof(T) == typeof(float);
                    before[row, j] = isWrong ? T.BitIncrement(gradient) : gradient;
                }
            }
            Backward(input, output, before, inputGradient, gradients, workspace);
        }

        private sealed class Deaf : IOutputFollower<T>
        {
            public static Deaf Instance { get; } = new();

            public void Wrote(ReadOnlyMatrixView<T> output, int example, int count)
            {
            }
        }
    }
}
