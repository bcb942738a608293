using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;

namespace DeepLearn.Foundation;

/// <summary>
/// How the parts of a run (layers, losses, schedules and their kin) print themselves, and the text by which an identity tells them apart:
/// with the full name of the type of every part that is not the library's own, since two types may have one short name and the same
/// options.
/// </summary>
public static class PartText
{
    [ThreadStatic]
    private static List<string>? _silent;

    /// <summary>The text of a part in an identity; null prints <c>none</c>.</summary>
    /// <param name="part">The part.</param>
    public static string Of(object? part) => Print(part).Text;

    /// <summary>Throws where the text of a part in an identity says nothing of one of its options.</summary>
    /// <param name="what">What the part is, for the message: <c>loss</c>.</param>
    /// <param name="part">The part; null is told by that.</param>
    /// <exception cref="ArgumentException">It prints an option as no more than the name of its type, or not at all.</exception>
    public static void RequireTelling(string what, object? part)
    {
        ArgumentNullException.ThrowIfNull(what);
        (string text, List<string> silent) = Print(part);
        if (silent.Count > 0)
        {
            throw new ArgumentException(
                $"The {what} prints itself as \"{text}\", which tells nothing of the options of {silent[0]}; expected what tells it from "
                + "another one, since it is by its text that a run is known again. Override PrintMembers and Equals.");
        }
        if (FindTypeName(text) is { } name)
        {
            throw new ArgumentException(
                $"The {what} prints itself as \"{text}\", which names the type {name} and no value; expected what tells it from "
                + "another one, since it is by its text that a run is known again. Make the option a ValueList or "
                + "a record, or override PrintMembers.");
        }
    }

    /// <summary>Names the type of a part that is not the library's own, while the text for an identity is made.</summary>
    /// <param name="part">The part.</param>
    /// <param name="builder">Where to.</param>
    /// <returns>Whether anything was written.</returns>
    public static bool AppendType(object part, StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(builder);
        if (_silent is null || IsOwn(part))
            return false;
        builder.Append("Type = ").Append(part.GetType().FullName);
        return true;
    }

    /// <summary>
    /// What a part prints that is not a record of C#, for which the compiler would have written this: its type, and its options if it
    /// prints any.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <param name="printMembers">Writes its options.</param>
    public static string Describe(object part, Func<StringBuilder, bool> printMembers)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(printMembers);
        var options = new StringBuilder();
        bool any = printMembers(options);
        var type = new StringBuilder();
        if (_silent is not null && HasOptions(part.GetType()) && (!any || (AppendType(part, type) && type.Equals(options))))
            _silent.Add(part.GetType().Name);
        string? name = _silent is null ? part.GetType().Name.Split('`')[0] : part.GetType().FullName;
        return $"{name} {{ {options}{(any ? " " : "")}}}";
    }

    private static (string Text, List<string> Silent) Print(object? part)
    {
        List<string>? before = _silent;
        List<string> silent = _silent = [];
        try
        {
            string text = InvariantText.Of(part);
            string? name = part?.GetType().FullName;

            // One that writes its text by hand may leave out its type.
            return (name is null || IsOwn(part!) || text.Contains(name, StringComparison.Ordinal) ? text : $"{name}: {text}", silent);
        }
        finally
        {
            _silent = before;
        }
    }

    private static bool IsOwn(object part) => part.GetType().Assembly == typeof(PartText).Assembly;

    // The first value in a text that is the name of a type: what object.ToString prints of an array, a list, a delegate, a class.
    private static string? FindTypeName(string text)
    {
        int start = 0;
        while (start < text.Length)
        {
            // A number is no name, nor is what follows it: 1e-05.
            if (char.IsAsciiDigit(text[start]))
            {
                while (start < text.Length && IsOfName(text[start]))
                    start++;
                continue;
            }
            if (!char.IsLetter(text[start]) && text[start] != '_')
            {
                start++;
                continue;
            }
            int end = start;
            while (end < text.Length && IsOfName(text[end]))
                end++;
            ReadOnlySpan<char> rest = text.AsSpan(end);
            bool isValue = !rest.StartsWith(" =") && !rest.StartsWith(" {") && !IsTypeField(text, start);
            if (isValue && PrintsItsName(text[start..end], rest.StartsWith("[]")))
                return rest.StartsWith("[]") ? $"{text[start..end]}[]" : text[start..end];
            start = end;
        }
        return null;

        static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '_' or '.' or '+' or '`';

        static bool IsTypeField(string text, int start) => text.AsSpan(0, start).EndsWith("Type = ");
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A type that was trimmed away has no instance to print its name.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A ToString that was trimmed away is nobody's to call.")]
    private static bool PrintsItsName(string name, bool isArray)
    {
        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (assembly.GetType(name, throwOnError: false) is { } type)
            {
                Type? printer = type.GetMethod(nameof(ToString), Type.EmptyTypes)?.DeclaringType;
                return isArray || printer is null || printer == typeof(object) || printer == typeof(ValueType);
            }
        }
        return false;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "An option that was trimmed away changes nothing.")]
    private static bool HasOptions(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Length > 0;
}
