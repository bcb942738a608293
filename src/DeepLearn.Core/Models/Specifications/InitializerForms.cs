using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Models.Specifications;

/// <summary>The written form of each initializer of the library. The names are those of the file's format.</summary>
internal static class InitializerForms
{
    private const string ScaleKey = "scale";
    private const string DeviationKey = "standardDeviation";

    public static ValueList<WrittenForm<Initializer>> All { get; } =
    [
        Form("constant", (value, to) => to.Write("value", value.Value), from => new ConstantInitializer(from.Number("value"))),
        Form("normal", WriteNormal, ReadNormal),
        Form("uniform", (value, to) => to.Write(ScaleKey, NameOf(value)), ReadUniform),
        Form("orthogonal", (value, to) => to.Write("gain", value.Gain), from => new OrthogonalInitializer(from.Number("gain"))),
        Form(
            "dirac",
            (value, to) => to.Write("others", value.Others),
            from => new DiracInitializer { Others = from.Initializer("others") }),
        Form(
            "given",
            (value, to) => to.Write("rows", value.Rows).Write("columns", value.Columns).Write("values", value.Values),
            from => new GivenInitializer(from.Integer("rows"), from.Integer("columns"), from.Numbers("values"))),
        Form<AutomaticInitializer>("automatic", (_, _) => { }, _ => Initializer.Automatic),
    ];

    private static ValueList<(string Name, NormalInitializer Value)> Normals =>
        [("he", NormalInitializer.He), ("glorot", NormalInitializer.Glorot), ("lecun", NormalInitializer.LeCun)];

    private static ValueList<(string Name, UniformInitializer Value)> Uniforms =>
        [("he", UniformInitializer.He), ("glorot", UniformInitializer.Glorot), ("lecun", UniformInitializer.LeCun)];

    private static void WriteNormal(NormalInitializer value, SpecificationWriter to)
    {
        if (value.StandardDeviation is { } deviation)
            to.Write(DeviationKey, deviation);
        else
            to.Write(ScaleKey, Normals.First(named => named.Value == value).Name);
    }

    private static NormalInitializer ReadNormal(SpecificationReader from) => from.Has(DeviationKey)
        ? NormalInitializer.WithStandardDeviation(from.Number(DeviationKey))
        : Named(from, Normals);

    private static string NameOf(UniformInitializer value) => Uniforms.First(named => named.Value == value).Name;

    private static UniformInitializer ReadUniform(SpecificationReader from) => Named(from, Uniforms);

    private static TValue Named<TValue>(SpecificationReader from, ValueList<(string Name, TValue Value)> all)
        where TValue : class
    {
        string found = from.Text(ScaleKey);
        return all.FirstOrDefault(named => named.Name == found).Value ?? throw new InvalidDataException(
            $"{from.Source}, {from.At(ScaleKey)}: expected one of {string.Join(", ", all.Select(named => named.Name))}; found "
            + $"\"{found}\".");
    }

    private static WrittenForm<Initializer> Form<TInitializer>(
        string name, Action<TInitializer, SpecificationWriter> write, Func<SpecificationReader, TInitializer> read)
        where TInitializer : Initializer => new(name, typeof(TInitializer), (value, to) => write((TInitializer)value, to), read);
}
