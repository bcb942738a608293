using System.Diagnostics;
using DeepLearn.Benchmarks.Onnx;
using DeepLearn.Benchmarks.Ratios;

long start = Stopwatch.GetTimestamp();
if (args is not ["ratios", "predict", ..])
{
    Console.Error.WriteLine("usage: ratios predict [options]; --help lists them.");
    return 2;
}
return new RatiosCommand("benchmarks/DeepLearn.Core.Benchmarks.Onnx", args[1..], start)
{
    PredictionPeers = [new OnnxRuntimePeer()],
}.Run();
