using System.Reflection;
using DeepLearn.Tensors;

namespace DeepLearn.PublicApi.Tests;

/// <summary>Values that nobody should give: null, nothing, sizes that do not go together, and the ends of every range.</summary>
internal static class Extremes
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>The values for a parameter, each with its name in a message.</summary>
    public static IEnumerable<(string Name, object? Value)> Of(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        if (parameter.IsOut)
            return [];
        if (!type.IsValueType)
            return [("null", null), .. OfReference(type)];
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return [("an undefined member", Enum.ToObject(type, 77)), ("-1", Enum.ToObject(type, unchecked((byte)-1)))];
        if (type.IsByRefLike)
            return OfView(type);
        return type switch
        {
            _ when type == typeof(int) => [.. new[] { int.MinValue, -1, 0, 1, 3, int.MaxValue }.Select(value => (Text(value),
                (object?)value))],
            _ when type == typeof(long) => [.. new[] { long.MinValue, -1, 0, 3, int.MaxValue + 1L, long.MaxValue }.Select(value =>
                (Text(value), (object?)value))],
            _ when type == typeof(double) =>
                [.. new[] { double.NaN, double.NegativeInfinity, double.PositiveInfinity, -1, 0, 1, double.Epsilon,
                    double.MaxValue }.Select(value => (Text(value), (object?)value))],
            _ when type == typeof(float) =>
                [.. new[] { float.NaN, float.NegativeInfinity, float.PositiveInfinity, -1, 0, 1, float.Epsilon,
                    float.MaxValue }.Select(value => (Text(value), (object?)value))],
            _ when type == typeof(byte) => [("0", (byte)0), ("255", byte.MaxValue)],
            _ when type == typeof(ulong) => [("0", 0UL), ("18446744073709551615", ulong.MaxValue)],
            _ when type == typeof(uint) => [("0", 0U), ("4294967295", uint.MaxValue)],
            _ when type == typeof(CancellationToken) => [("canceled", new CancellationToken(true))],
            _ when type == typeof(bool) => [("false", false)],
            _ => [("the default value", Activator.CreateInstance(type))],
        };
    }

    /// <summary>Whether null is allowed by the parameter's annotation.</summary>
    public static bool AllowsNull(ParameterInfo parameter) =>
        Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        || (!parameter.ParameterType.IsValueType && !parameter.ParameterType.IsByRef
            && Nullability.Create(parameter).WriteState != NullabilityState.NotNull);

    private static IEnumerable<(string Name, object? Value)> OfReference(Type type)
    {
        if (type == typeof(string))
            return [("an empty text", ""), ("a text of zeros", "\0\0"), ("a lone surrogate", "\ud800"), ("a path that is not there",
                "no/such/file")];
        Type? item = type.IsArray ? type.GetElementType()
            : type.IsGenericType && type.GetGenericArguments() is [var argument] && type.IsAssignableFrom(argument.MakeArrayType())
                ? argument : null;
        if (item is not null && (!type.IsArray || type.GetArrayRank() == 1))
        {
            var ofDefaults = Array.CreateInstance(item, 3);
            return [("nothing", Array.CreateInstance(item, 0)), (item.IsValueType ? "three zeros" : "three nulls", ofDefaults)];
        }
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Matrix<>))
            return OfMatrix(type);
        return [];
    }

    private static IEnumerable<(string Name, object? Value)> OfMatrix(Type type) =>
        new[] { (1, 7), (7, 1), (3, 3) }.Select(size => ($"[{size.Item1}, {size.Item2}]", (object?)Activator.CreateInstance(type,
            size.Item1, size.Item2)));

    private static IEnumerable<(string Name, object? Value)> OfView(Type type)
    {
        Type argument = type.GetGenericArguments()[0];
        return type.Name.Contains("Span", StringComparison.Ordinal)
            ? [("nothing", Array.CreateInstance(argument, 0)), ("five defaults", Array.CreateInstance(argument, 5))]
            : [("the default value", null), .. OfMatrix(typeof(Matrix<>).MakeGenericType(argument))];
    }

    private static string Text(IFormattable value) => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
}
