using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Predictions;
using DeepLearn.Onnx;
using DeepLearn.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace DeepLearn.Benchmarks.Onnx;

/// <summary>ONNX Runtime on the CPU, with our model exported by <c>DeepLearn.Onnx</c>.</summary>
internal sealed class OnnxRuntimePeer : IPredictionPeer
{
    public string Name => "onnxruntime";

    public string Library => "ONNX Runtime";

    public string Description =>
        $"ONNX Runtime {Machine.VersionOf(typeof(InferenceSession))}, all optimizations of the graph, results into memory that is there";

    public string? Unavailable => null;

    // Some tens of milliseconds on the processors of benchmarks/results: a pause of 5 ms took half of our speed on two threads, one of 50
    // did not.
    public TimeSpan Spins => TimeSpan.FromMilliseconds(100);

    public IPredictionRun Prepare(PredictionOperands operands, int threads) => new Session(operands, threads);

    private sealed class Session : IPredictionRun
    {
        private readonly InferenceSession _session;
        private readonly RunOptions _options = new();
        private readonly float[] _outputs;
        private readonly OrtValue _input;
        private readonly OrtValue _output;
        private readonly string[] _inputNames;
        private readonly string[] _outputNames;
        private readonly OrtValue[] _inputs;
        private readonly OrtValue[] _results;

        public Session(PredictionOperands operands, int threads)
        {
            using var file = new MemoryStream();
            operands.Model.SaveOnnx(file, new() { NetworkAlone = true });
            using var options = new SessionOptions
            {
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
                IntraOpNumThreads = threads,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            };
            _session = new(file.ToArray(), options);
            (string inputName, NodeMetadata input) = _session.InputMetadata.First();
            (string outputName, NodeMetadata _) = _session.OutputMetadata.First();
            int batch = operands.Case.Batch, outputs = operands.Model.OutputShape.Count;
            _outputs = new float[batch * outputs];
            long[] extents = [batch, .. input.Dimensions[1..].Select(extent => (long)extent)];
            _input = OrtValue.CreateTensorValueFromMemory(operands.Examples.AsSpan().ToArray(), extents);
            _output = OrtValue.CreateTensorValueFromMemory(_outputs, [batch, outputs]);
            (_inputNames, _outputNames, _inputs, _results) = ([inputName], [outputName], [_input], [_output]);
        }

        public ReadOnlySpan<float> Outputs => _outputs;

        public void Before()
        {
        }

        public void Predict() => _session.Run(_options, _inputNames, _inputs, _outputNames, _results);

        public void Dispose()
        {
            _input.Dispose();
            _output.Dispose();
            _options.Dispose();
            _session.Dispose();
        }
    }
}
