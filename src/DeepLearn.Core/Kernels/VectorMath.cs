using System.Numerics;

namespace DeepLearn.Kernels;

/// <summary>Placeholder until the real one is merged.</summary>
public static class VectorMath
{
    /// <summary>log</summary>
    public static T Log<T>(T x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.Log(x);
    /// <summary>exp</summary>
    public static T Exp<T>(T x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.Exp(x);
}
