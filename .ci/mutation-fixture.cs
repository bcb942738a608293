// Put among the tests of the copy that .ci/mutations works on, as the only test that Stryker.NET runs there: it keeps the library with all
// mutants, which Stryker puts beside the tests for as long as it works.
using System.Reflection;
using Xunit;

namespace DeepLearn.Tests.Mutants;

public class MutatedLibrary
{
    [Fact]
    public void Is_kept()
    {
        File.Copy(
            Path.Combine(AppContext.BaseDirectory, "DeepLearn.Core.dll"), Environment.GetEnvironmentVariable("MUTATED_LIBRARY")!,
            overwrite: true);

        // Stryker would run this test for every mutant, unless it knows which it reaches: it says that it reaches one that there is not.
        // The first run is without mutants.
        Assembly.Load("DeepLearn.Core").GetTypes().SingleOrDefault(type => type.Name == "MutantControl")
            ?.GetMethod("IsActive")!.Invoke(null, [int.MaxValue]);
    }
}
