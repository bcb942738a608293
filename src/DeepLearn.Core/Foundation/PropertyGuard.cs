using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DeepLearn.Foundation;

/// <summary>Refuses what a property cannot hold, where it is set.</summary>
public static class PropertyGuard
{
    /// <summary>The value, unless it is null.</summary>
    /// <param name="value">What is set.</param>
    /// <param name="property">The property's name, which the compiler gives.</param>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    /// <typeparam name="TValue">The type of the property.</typeparam>
    /// <returns>The value.</returns>
    public static TValue NotNull<TValue>([NotNull] TValue? value, [CallerMemberName] string property = "")
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(value, property);
        return value;
    }

    /// <summary>The value, unless its enumeration has no such member.</summary>
    /// <param name="value">What is set.</param>
    /// <param name="property">The property's name, which the compiler gives.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such member.</exception>
    /// <typeparam name="TEnum">The enumeration.</typeparam>
    /// <returns>The value.</returns>
    public static TEnum Member<TEnum>(TEnum value, [CallerMemberName] string property = "")
        where TEnum : struct, Enum =>
        Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                property, $"{property} is one of {string.Join(", ", Enum.GetNames<TEnum>())}; found {value}.");
}
