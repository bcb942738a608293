using System.Numerics;

namespace DeepLearn.Tests.Kernels;

/// <summary>Units in the last place, and what is a few of them away.</summary>
internal static class Ulp
{
    /// <summary>The distance from a finite number's magnitude to the next one, or for the greatest number from the one before.</summary>
    public static double Of<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T magnitude = T.Abs(value), next = T.BitIncrement(magnitude);
        return double.CreateChecked(T.IsFinite(next) ? next - magnitude : magnitude - T.BitDecrement(magnitude));
    }

    /// <summary>How far a finite number is off, in units of another's last place.</summary>
    public static double Error<T>(BigReal exact, T found, T unit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Math.Abs(((exact - BigReal.From(double.CreateChecked(found))) / BigReal.From(Of(unit))).ToDouble());

    /// <summary>Numbers of either sign around one of T: it and so many on each side.</summary>
    public static IEnumerable<T> Around<T>(double center, int reach)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T above = T.CreateChecked(center), below = above;
        yield return above;
        yield return -above;
        for (int i = 0; i < reach; i++)
        {
            above = T.BitIncrement(above);
            below = T.BitDecrement(below);
            yield return above;
            yield return -above;
            yield return below;
            yield return -below;
        }
    }
}
