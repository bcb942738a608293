using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Testing.Checks;

/// <summary>
/// What a check may expect. Each of these ends the check where it does not hold, and says what was expected and what was found.
/// </summary>
internal static class Expect
{
    public static void That(bool condition, string expected, string found)
    {
        if (!condition)
            throw new ExpectationException(expected, found);
    }

    public static void Equal<TValue>(TValue expected, TValue found, string what)
    {
        if (!EqualityComparer<TValue>.Default.Equals(expected, found))
            throw new ExpectationException($"{what}: {expected}", $"{found}");
    }

    /// <summary>The same bits; all NaN count as one.</summary>
    public static void SameBits<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> found, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Equal(expected.Length, found.Length, $"{what}, number of elements");
        for (int i = 0; i < expected.Length; i++)
        {
            if (!AreSame(expected[i], found[i]))
                throw new ExpectationException($"{what}, element {i} of {expected.Length}: {expected[i]:R}", $"{found[i]:R}");
        }
    }

    public static void SameBits<T>(T[] expected, T[] found, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SameBits<T>(expected.AsSpan(), found.AsSpan(), what);

    public static void SameBits<T>(T expected, T found, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!AreSame(expected, found))
            throw new ExpectationException($"{what}: {expected:R}", $"{found:R}");
    }

    /// <summary>Within a tolerance, absolute for small numbers and relative for large ones; a NaN is near to a NaN.</summary>
    public static void Near(double expected, double found, double tolerance, string what)
    {
        bool isNear = Math.Abs(expected - found) <= tolerance * (1 + Math.Abs(expected)) || expected.Equals(found);
        if (!isNear)
            throw new ExpectationException($"{what}: {expected:R} within {tolerance:e1}", $"{found:R}");
    }

    /// <summary>The same element by element.</summary>
    public static void Near<T>(ReadOnlySpan<double> expected, ReadOnlySpan<T> found, double tolerance, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Equal(expected.Length, found.Length, $"{what}, number of elements");
        for (int i = 0; i < expected.Length; i++)
        {
            double value = double.CreateChecked(found[i]);
            if (!(Math.Abs(expected[i] - value) <= tolerance * (1 + Math.Abs(expected[i]))) && !expected[i].Equals(value))
            {
                throw new ExpectationException(
                    $"{what}, element {i} of {expected.Length}: {expected[i]:R} within {tolerance:e1}", $"{found[i]:R}");
            }
        }
    }

    public static void Finite<T>(ReadOnlySpan<T> found, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < found.Length; i++)
        {
            if (!T.IsFinite(found[i]))
                throw new ExpectationException($"{what}, element {i}: a finite number", $"{found[i]}");
        }
    }

    /// <summary>All elements still what a buffer was filled with.</summary>
    public static void StillFilledWith<T>(T value, ReadOnlyMatrixView<T> found, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; row < found.Rows; row++)
        {
            for (int column = 0; column < found.Columns; column++)
            {
                if (!AreSame(value, found[row, column]))
                    throw new ExpectationException($"{what}: nothing written at ({row}, {column})", $"{found[row, column]:R}");
            }
        }
    }

    /// <summary>An exception of a kind, with a message; returns the message.</summary>
    public static string Throws<TException>(Action action, string what)
        where TException : Exception
    {
        string message;
        try
        {
            action();
        }
        catch (TException exception)
        {
            message = exception.Message;
            That(message.Length > 0, $"{what}: a message that says what was expected and what was found", "an empty message");
            return message;
        }
        catch (Exception exception)
        {
            throw new ExpectationException($"{what}: {typeof(TException).Name}", $"{exception.GetType().Name}: {exception.Message}");
        }
        throw new ExpectationException($"{what}: {typeof(TException).Name}", "no exception");
    }

    /// <summary>An exception of a kind, whose message has certain words in it, such as the size that was found.</summary>
    public static void ThrowsNaming<TException>(string words, Action action, string what)
        where TException : Exception
    {
        string message = Throws<TException>(action, what);
        That(message.Contains(words, StringComparison.Ordinal), $"{what}: a message that names \"{words}\"", $"\"{message}\"");
    }

    private static bool AreSame<T>(T left, T right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (T.IsNaN(left) || T.IsNaN(right))
            return T.IsNaN(left) && T.IsNaN(right);

        // Equal numbers have equal bits, but for the two zeros.
        return left == right && T.IsNegative(left) == T.IsNegative(right);
    }
}
