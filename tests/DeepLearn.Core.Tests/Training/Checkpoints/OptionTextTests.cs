using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using DeepLearn.Data;
using DeepLearn.Data.Augmentation;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Training;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Tests.Training.Checkpoints;

/// <summary>
/// A checkpoint tells one plan from another by what its values print. So each prints every number, text or value that it holds: otherwise a
/// run would go on with another option, without a word.
/// </summary>
public class OptionTextTests
{
    private static readonly Type[] Kinds =
    [
        typeof(Loss), typeof(Regularizer), typeof(Optimizer), typeof(LearningRateSchedule), typeof(AugmentationOption), typeof(Metric),
        typeof(Layer),
    ];

    private static readonly Type[] Others = [typeof(ImageAugmentation), typeof(EvaluationPlan), typeof(ParameterRule)];

    [Fact]
    public void Value_of_a_plan_or_a_network_prints_every_field_that_it_holds()
    {
        Type[] types =
        [
            .. typeof(Layer).Assembly.GetTypes().Where(type => type.IsPublic && !type.IsAbstract && Kinds.Any(type.IsSubclassOf)),
            .. Others,
        ];
        Assert.True(types.Length > 60, $"found {types.Length} types");
        var silent = new List<string>();
        foreach (Type type in types)
        {
            foreach (FieldInfo field in FieldsOf(type))
            {
                // The text with one value in the field, and with another one: they differ, or the field is not in the identity.
                if (Samples(field.FieldType) is not var (one, other))
                    silent.Add($"{type.Name}.{field.Name}: no sample of {field.FieldType.Name}");
                else if (TextWith(type, field, one) == TextWith(type, field, other))
                    silent.Add($"{type.Name}.{field.Name}");
            }
        }
        Assert.True(silent.Count == 0, string.Join("; ", silent));
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type? type)
    {
        for (; type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(
                BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }

    private static string TextWith(Type type, FieldInfo field, object? value)
    {
        object made = RuntimeHelpers.GetUninitializedObject(type);
        foreach (FieldInfo other in FieldsOf(type))
        {
            if (other != field && Samples(other.FieldType) is var (sample, _))
                other.SetValue(made, sample);
        }
        field.SetValue(made, value);
        return InvariantText.Of(made);
    }

    private static (object? One, object? Other)? Samples(Type type)
    {
        Type inner = Nullable.GetUnderlyingType(type) ?? type;
        if (inner == typeof(bool))
            return (false, true);
        if (inner.IsEnum)
            return (Enum.ToObject(inner, 0), Enum.ToObject(inner, 1));
        if (inner == typeof(double) || inner == typeof(float) || inner == typeof(int) || inner == typeof(long) || inner == typeof(ulong))
        {
            return (Convert.ChangeType(3, inner, CultureInfo.InvariantCulture), Convert.ChangeType(5, inner, CultureInfo.InvariantCulture));
        }
        if (inner == typeof(string))
            return ("a", "b");
        if (inner == typeof(Extent2D))
            return (new Extent2D(3, 3), new Extent2D(3, 5));
        if (inner == typeof(Padding2D))
            return (Padding2D.Of(1, 1), Padding2D.Of(1, 2));
        if (inner.IsGenericType && inner.GetGenericTypeDefinition() == typeof(ValueList<>))
        {
            Type element = inner.GetGenericArguments()[0];
            return Samples(element) is var (one, other) ? (ListOf(element, one), ListOf(element, other)) : null;
        }
        if (inner == typeof(Layer))
            return (new Relu(), new Tanh());
        if (inner == typeof(ImageView))
            return (new ImageView(), new ImageView { Mirrored = true });
        if (typeof(Optimizer).IsAssignableFrom(inner))
            return (new Adam(), new Adam { Beta1 = 0.5 });
        if (typeof(Regularizer).IsAssignableFrom(inner))
            return (new L2(1), new L2(2));
        if (inner == typeof(CyclicalSchedule) || inner == typeof(LearningRateSchedule))
            return (new TriangularSchedule(1, 2, 3), new TriangularSchedule(1, 2, 4));
        if (inner == typeof(ScheduleSegment))
            return (new ScheduleSegment(1.0, 3), new ScheduleSegment(1.0, 4));
        if (inner == typeof(ParameterSelection))
            return (ParameterSelection.Weights, ParameterSelection.All);
        if (inner == typeof(ParameterRule))
            return (new ParameterRule("a"), new ParameterRule("b"));
        if (inner == typeof(Initializer))
            return (NormalInitializer.Glorot, NormalInitializer.LeCun);
        if (inner == typeof(Metric))
            return (new Mae(), new Rmse());
        if (typeof(AugmentationOption).IsAssignableFrom(inner))
            return (new HorizontalFlip(0.25), new HorizontalFlip(0.5));
        return null;
    }

    private static object ListOf(Type element, object? value) => typeof(OptionTextTests)
        .GetMethod(nameof(ListOfOne), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(element).Invoke(null, [value])!;

    private static ValueList<T> ListOfOne<T>(T value) => [value];
}
