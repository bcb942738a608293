using System.Reflection;
using System.Runtime.CompilerServices;

namespace DeepLearn.Testing.Checks;

/// <summary>The promises of every specification: it is an immutable value, and it prints what it was made of.</summary>
internal static class ValueChecks
{
    public const string IsValue = "it is an immutable value";
    public const string Prints = "it prints itself";

    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Adds both checks.</summary>
    /// <param name="checks">Where to.</param>
    /// <param name="value">The specification.</param>
    /// <param name="copy">A copy that the language made: <c>value with { }</c>.</param>
    public static void Add(CheckList checks, object value, object copy)
    {
        checks.Add(IsValue, () =>
        {
            Expect.That(value.Equals(copy) && copy.Equals(value), "a copy by \"with\" to be equal", $"{value} and {copy}, which are not");
            Expect.That(value.GetHashCode() == copy.GetHashCode(), "equal values to have equal hash codes", "others");
            for (Type type = value.GetType(); type != typeof(object); type = type.BaseType!)
                CheckMembers(type, value);
        });
        checks.Add(Prints, () =>
        {
            string text = value.ToString() ?? "";
            bool isDefault = text.Length == 0 || text == value.GetType().ToString();
            Expect.That(!isDefault, "text that names it and its options", $"\"{text}\"");
            for (Type type = value.GetType(); type != typeof(object); type = type.BaseType!)
                CheckText(type, value, text);
            Expect.Equal(text, copy.ToString(), "the same text of an equal value");
        });
    }

    // A run is known again by what its parts print, and what an object prints that does not print itself is the same of any. What is
    // compared by reference is a fault of its own already; a function has no text.
    private static void CheckText(Type type, object value, string text)
    {
        FieldInfo[] fields = type.GetFields(Own);
        Expect.That(
            fields.Length == 0 || Declares(type, nameof(ToString)) || Declares(type, "PrintMembers"),
            $"an override of PrintMembers that writes {string.Join(", ", fields.Select(NameOf))}",
            $"none, so that it prints \"{text}\" whatever that is");
        foreach (FieldInfo field in fields)
        {
            if (field.GetValue(value) is not { } content || content is Delegate || !(ComparesItself(type) || HasValueEquality(content)))
                continue;
            string name = content.GetType().ToString();
            Expect.That(
                content.ToString() != name || !text.Contains(name, StringComparison.Ordinal),
                $"text that tells what {NameOf(field)} holds",
                $"\"{text}\", which names a type and no value");
        }
    }

    private static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name;

    private static bool Declares(Type type, string method) => type.GetMember(method, MemberTypes.Method, Own).Length > 0;

    // What is compared by reference makes two values that were made alike differ, and what can be set makes one change under its owner.
    private static void CheckMembers(Type type, object value)
    {
        foreach (PropertyInfo property in type.GetProperties(Own))
        {
            bool isOpen = property.SetMethod is { IsPublic: true } setter
                && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            Expect.That(!isOpen, $"the property {property.Name} to be set at most where the value is made (init)", "a setter");
        }
        if (ComparesItself(type))
            return;
        FieldInfo[] fields = type.GetFields(Own);
        Expect.That(
            fields.Length == 0 || Declares(type, nameof(Equals)),
            $"an override of Equals that compares {string.Join(", ", fields.Select(NameOf))}, as the compiler of C# writes it for a record",
            "none, so that it equals one with other options");
        foreach (FieldInfo field in fields)
        {
            Expect.That(
                field.GetValue(value) is not { } content || HasValueEquality(content),
                $"the member {NameOf(field)} to be compared by its content, as a ValueList is",
                $"{field.GetValue(value)?.GetType().Name}, which is compared by reference");
        }
    }

    // An equality that the author wrote, instead of the one that the compiler makes of the members, is the author's affair.
    private static bool ComparesItself(Type type) =>
        type.GetMethod("Equals", [type]) is { } equals && equals.GetCustomAttribute<CompilerGeneratedAttribute>() is null;

    private static bool HasValueEquality(object content) =>
        content.GetType().GetMethod(nameof(Equals), [typeof(object)])!.DeclaringType != typeof(object);
}
