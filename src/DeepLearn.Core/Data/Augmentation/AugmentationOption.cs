using System.Runtime.CompilerServices;

namespace DeepLearn.Data.Augmentation;

/// <summary>The checks of the augmentations' options.</summary>
internal static class AugmentationOption
{
    public static double Within(double value, double least, double most, [CallerMemberName] string name = "") =>
        value >= least && value <= most
            ? value
            : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is from {least} to {most}; found {value}."));

    public static int AtLeast(int value, int least, [CallerMemberName] string name = "") =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, $"{name} is at least {least}; found {value}.");

    public static double Finite(double value, [CallerMemberName] string name = "") =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, $"{name} is finite; found {value}.");
}
