using Xunit;

namespace DeepLearn.Tests;

/// <summary>The collection of the tests that measure the whole process (its allocations), which nothing else may run beside.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class Alone
{
    public const string Name = "Alone";
}
