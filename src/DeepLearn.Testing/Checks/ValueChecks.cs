using System.Reflection;
using System.Runtime.CompilerServices;

namespace DeepLearn.Testing.Checks;

/// <summary>The promises of every specification: it is an immutable value, and it prints what it was made of.</summary>
internal static class ValueChecks
{
    public const string IsValue = "it is an immutable value";
    public const string Prints = "it prints itself";

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
            Expect.Equal(text, copy.ToString(), "the same text of an equal value");
        });
    }

    // What is compared by reference makes two values that were made alike differ, and what can be set makes one change under its owner.
    private static void CheckMembers(Type type, object value)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (PropertyInfo property in type.GetProperties(Own))
        {
            bool isOpen = property.SetMethod is { IsPublic: true } setter
                && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            Expect.That(!isOpen, $"the property {property.Name} to be set at most where the value is made (init)", "a setter");
        }
        if (ComparesItself(type))
            return;
        foreach (FieldInfo field in type.GetFields(Own))
        {
            string name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name;
            Expect.That(
                field.GetValue(value) is not { } content || HasValueEquality(content),
                $"the member {name} to be compared by its content, as a ValueList is",
                $"{field.GetValue(value)?.GetType().Name}, which is compared by reference");
        }
    }

    // An equality that the author wrote, instead of the one that the compiler makes of the members, is the author's affair.
    private static bool ComparesItself(Type type) =>
        type.GetMethod("Equals", [type]) is { } equals && equals.GetCustomAttribute<CompilerGeneratedAttribute>() is null;

    private static bool HasValueEquality(object content) =>
        content.GetType().GetMethod(nameof(Equals), [typeof(object)])!.DeclaringType != typeof(object);
}
