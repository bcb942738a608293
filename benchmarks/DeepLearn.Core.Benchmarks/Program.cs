using BenchmarkDotNet.Running;
using DeepLearn.Benchmarks.Ratios;

if (args is ["ratios", .. var rest])
    return new RatiosCommand("benchmarks/DeepLearn.Core.Benchmarks", rest).Run();

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
