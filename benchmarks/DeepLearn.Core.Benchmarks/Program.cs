using System.Diagnostics;
using BenchmarkDotNet.Running;
using DeepLearn.Benchmarks.Ratios;

long start = Stopwatch.GetTimestamp();
if (args is ["ratios", .. var rest])
    return new RatiosCommand("benchmarks/DeepLearn.Core.Benchmarks", rest, start).Run();

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
