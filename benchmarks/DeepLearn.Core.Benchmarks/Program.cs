using BenchmarkDotNet.Running;
using DeepLearn.Benchmarks.Ratios;

if (args is ["ratios", .. var rest])
    return RatiosCommand.Run("benchmarks/DeepLearn.Core.Benchmarks", rest, []);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
