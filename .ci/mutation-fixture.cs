// Put among the tests of the copy that .ci/mutations works on. At each changed place Stryker's code asks which mutant is meant, by default
// of a file that is mapped into memory, which costs a loop many times its work. Here the file is read once before the tests run, and the
// question is one comparison.
//
// The process is kept from mutant to mutant. What static fields of the tests hold is therefore made first, by unchanged code: the first
// mutant would otherwise stay in it for all that follow.
using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

[assembly: AssemblyFixture(typeof(DeepLearn.Tests.MutationFixture))]

namespace DeepLearn.Tests;

public sealed class MutationFixture : IDisposable
{
    private static FieldInfo? _active;
    private static string? _path;

    public MutationFixture()
    {
        if (_path is not null)
            _active!.SetValue(null, BitConverter.ToInt32(File.ReadAllBytes(_path)));
    }

    public void Dispose() => _active?.SetValue(null, -1);

    [ModuleInitializer]
    internal static void Begin()
    {
        if (Environment.GetEnvironmentVariable("STRYKER_COVERAGE_FILE") is null)
        {
            _path = Environment.GetEnvironmentVariable("STRYKER_MUTANT_FILE");
            Environment.SetEnvironmentVariable("STRYKER_MUTANT_FILE", null);
        }
        Type[] types = typeof(DeepLearn.Tensors.Shape).Assembly.GetTypes();
        _active = types.SingleOrDefault(type => type.Name == "MutantControl")?.GetField("ActiveMutant");
        if (_active is null)
            _path = null;
        _active?.SetValue(null, -1);
        string[] namespaces = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "mutation-namespaces"));
        foreach (Type type in typeof(MutationFixture).Assembly.GetTypes())
        {
            if (!type.ContainsGenericParameters && namespaces.Any(name => type.FullName!.StartsWith(name, StringComparison.Ordinal)))
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
    }
}
