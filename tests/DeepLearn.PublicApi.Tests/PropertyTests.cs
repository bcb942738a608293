using System.Reflection;
using Xunit;

namespace DeepLearn.PublicApi.Tests;

/// <summary>
/// Every option refuses what it cannot hold, where it is set: a null that would be found much later, by whatever reads it first, and a
/// number that no member of an enumeration has. (Properties that a record's own constructor sets are what is found, not what is asked for.)
/// </summary>
public sealed class PropertyTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    private static IEnumerable<PropertyInfo> Options => Examples.PublicTypes
        .Select(PublicMember.Close)
        .OfType<Type>()
        .Where(type => !Examples.HandedOver.Contains(type) && !type.IsInterface)
        .SelectMany(type => type.GetProperties(
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(property => property.SetMethod is { IsPublic: true, IsAbstract: false } && property.GetIndexParameters().Length == 0
            && !property.DeclaringType!.GetConstructors(Any).Any(constructor => constructor.GetParameters().Any(
                parameter => parameter.Name == property.Name)));

    [Fact]
    public void Property_that_cannot_be_null_refuses_it()
    {
        var nullability = new NullabilityInfoContext();
        PropertyInfo[] properties = [.. Options.Where(property => !property.PropertyType.IsValueType
            && nullability.Create(property).WriteState == NullabilityState.NotNull)];
        Assert.True(properties.Length > 50, $"Expected more than 50 such properties; found {properties.Length}.");
        AssertRefused(properties, _ => null);
    }

    [Fact]
    public void Property_of_an_enumeration_refuses_what_is_no_member()
    {
        PropertyInfo[] properties = [.. Options.Where(property => property.PropertyType.IsEnum
            && !property.PropertyType.IsDefined(typeof(FlagsAttribute)))];
        Assert.NotEmpty(properties);
        AssertRefused(properties, property => Enum.ToObject(property.PropertyType, 99));
    }

    private static void AssertRefused(PropertyInfo[] properties, Func<PropertyInfo, object?> bad)
    {
        var taken = new List<string>();
        foreach (PropertyInfo property in properties)
        {
            object? target = property.SetMethod!.IsStatic ? null : TargetOf(property.ReflectedType!);
            try
            {
                property.SetValue(target, bad(property));
                taken.Add($"{property.ReflectedType!.Name}.{property.Name}");
            }
            catch (TargetInvocationException refused) when (refused.InnerException is ArgumentException or InvalidOperationException)
            {
                // As it should be.
            }
        }
        Assert.True(taken.Count == 0, string.Join('\n', taken.Order(StringComparer.Ordinal).Prepend($"{taken.Count} take it:")));
    }

    // Of an abstract type, its example or one of a type that derives from it.
    private static object? TargetOf(Type type)
    {
        try
        {
            return Examples.Of(type);
        }
        catch (NotSupportedException) when (type.IsAbstract)
        {
            return Examples.Of(Examples.PublicTypes.Select(PublicMember.Close).OfType<Type>()
                .First(candidate => !candidate.IsAbstract && type.IsAssignableFrom(candidate)));
        }
    }
}
