using System.Diagnostics.CodeAnalysis;

namespace DeepLearn.Tests.Support;

/// <summary>FsCheck's attribute, with as many cases as <see cref="RandomCases"/> says, and numbers of all their range.</summary>
[AttributeUsage(AttributeTargets.Method)]
[SuppressMessage("Usage", "xUnit3003", Justification = "FsCheck's own attribute has no constructor that takes the place in the source.")]
public sealed class PropertyAttribute : FsCheck.Xunit.PropertyAttribute
{
    /// <summary>Creates the attribute, for 100 cases.</summary>
    public PropertyAttribute()
    {
        MaxTest = 100;
        Arbitrary = [typeof(WholeRange)];
    }

    /// <summary>The cases that must hold.</summary>
    public new int MaxTest
    {
        get => base.MaxTest;
        set => base.MaxTest = RandomCases.Times(value);
    }
}
