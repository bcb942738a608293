using System.Reflection;
using System.Runtime.CompilerServices;

namespace DeepLearn.PublicApi.Tests;

/// <summary>A constructor, method or setter that a user can call, with generic parameters closed.</summary>
/// <param name="Method">What is called.</param>
/// <param name="Owner">The closed type that it is called on.</param>
internal sealed record PublicMember(MethodBase Method, Type Owner)
{
    // What the compiler writes for every record and delegate, and what is object's.
    private static readonly HashSet<string> Generated =
    [
        "Equals", "GetHashCode", "ToString", "GetType", "Deconstruct", "<Clone>$", "op_Equality", "op_Inequality", "PrintMembers",
            "Finalize",
        "CompareTo", "Invoke", "BeginInvoke", "EndInvoke", "HasFlag", "GetTypeCode",
    ];

    /// <summary>All that a user can call with arguments on a type: constructors, methods and setters that it declares.</summary>
    public static IEnumerable<PublicMember> Of(Type type)
    {
        if (Close(type) is not { } owner || owner.IsEnum || typeof(Delegate).IsAssignableFrom(owner))
            yield break;
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (!owner.IsAbstract)
        {
            foreach (ConstructorInfo constructor in owner.GetConstructors())
            {
                if (constructor.GetParameters().Length > 0)
                    yield return new(constructor, owner);
            }
        }
        foreach (MethodInfo method in owner.GetMethods(Declared))
        {
            if (Generated.Contains(method.Name) || method.IsAbstract || method.GetParameters().Length == 0
                || (owner.IsInterface && !method.IsStatic) || method.IsDefined(typeof(CompilerGeneratedAttribute))
                    && !method.Name.StartsWith("set_", StringComparison.Ordinal))
                continue;
            if (Close(method) is { } closed && !closed.GetParameters().Any(
                parameter => parameter.ParameterType.IsPointer || Examples.HandedOver.Contains(parameter.ParameterType)))
                yield return new(closed, owner);
        }
    }

    /// <summary>A type with float, or whatever its constraints allow, in the place of its parameters; null where nothing fits.</summary>
    public static Type? Close(Type type) =>
        !type.IsGenericTypeDefinition ? type : Candidates(type.GetGenericArguments().Length)
            .Select(arguments => TryMake(() => type.MakeGenericType(arguments))).FirstOrDefault(made => made is not null);

    private static MethodInfo? Close(MethodInfo method) =>
        !method.IsGenericMethodDefinition ? method : Candidates(method.GetGenericArguments().Length)
            .Select(arguments => TryMake(() => method.MakeGenericMethod(arguments))).FirstOrDefault(made => made is not null);

    private static IEnumerable<Type[]> Candidates(int count)
    {
        Type[] kinds = [typeof(float), typeof(int), typeof(string), typeof(Layers.Relu), typeof(Parameters.ConstantInitializer),
            typeof(Half)];
        return count switch
        {
            1 => kinds.Select(kind => new[] { kind }),
            2 => kinds.SelectMany(first => kinds, (first, second) => new[] { first, second }),
            _ => [],
        };
    }

    private static TMade? TryMake<TMade>(Func<TMade> make)
        where TMade : class
    {
        try
        {
            return make();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public override string ToString() =>
        $"{Owner.Name.Split('`')[0]}.{Method.Name}({string.Join(", ", Method.GetParameters().Select(parameter => parameter.Name))})";
}
