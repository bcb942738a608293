using System.Diagnostics;
using DeepLearn.Benchmarks.Ratios;
using DeepLearn.Benchmarks.Torch;

long start = Stopwatch.GetTimestamp();
if (args is not ["ratios", .. var rest])
{
    Console.Error.WriteLine("usage: ratios [step|convolution|predict] [options]; --help after each lists them.");
    return 2;
}
return new RatiosCommand("benchmarks/DeepLearn.Core.Benchmarks.Torch", rest, start)
{
    ProductPeers = [new TorchProductPeer()],
    StepPeers = [new TorchModuleStepPeer(), new TorchMatrixStepPeer()],
    PredictionPeers = [new TorchPredictionPeer()],
    ConvolutionPeers = [new TorchConvolutionPeer(channelsLast: true), new TorchConvolutionPeer(channelsLast: false)],
}.Run();
