using System.Runtime.CompilerServices;

namespace DeepLearn.Search.Spaces;

/// <summary>Texts that a journal can hold: UTF-8 has no place for half a surrogate pair, which strings of .NET can have.</summary>
internal static class WellFormedText
{
    /// <summary>Throws where a text has half a surrogate pair.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What the text is, for the exception.</param>
    /// <exception cref="ArgumentException">It has.</exception>
    public static void Require(string text, [CallerArgumentExpression(nameof(text))] string name = "")
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
            {
                throw new ArgumentException(
                    $"Expected well-formed Unicode; found half a surrogate pair, U+{(int)text[i]:X4}, at position {i}.", name);
            }
        }
    }
}
