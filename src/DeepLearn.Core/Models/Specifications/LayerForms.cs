using DeepLearn.Foundation;
using DeepLearn.Layers;

namespace DeepLearn.Models.Specifications;

/// <summary>The written form of each layer of the library. The names are those of the file's format: they are not to be changed.</summary>
internal static class LayerForms
{
    private static readonly ValueList<(string, EnsembleCombination)> Combinations =
        [("average", EnsembleCombination.Average), ("majorityVote", EnsembleCombination.MajorityVote)];

    private static readonly ValueList<(string, GeluForm)> GeluForms = [("exact", GeluForm.Exact), ("tanh", GeluForm.Tanh)];

    private static readonly ValueList<(string, ConvolutionAlgorithm)> Algorithms =
    [
        ("accurate", ConvolutionAlgorithm.Accurate), ("direct", ConvolutionAlgorithm.Direct), ("fastest", ConvolutionAlgorithm.Fastest),
    ];

    public static ValueList<WrittenForm<Layer>> All { get; } =
    [
        Form(
            "sequential",
            (layer, to) => to.Write("layers", layer.Layers),
            from => new Sequential([.. from.Layers("layers")])),
        Form(
            "residual",
            (layer, to) => to.Write("branch", layer.Branch).Write("projection", layer.Projection),
            from => new Residual(from.Layer("branch"), from.OptionalLayer("projection"))),
        Form(
            "ensemble",
            (layer, to) => to.Write("combination", layer.Combination, Combinations).Write("members", layer.Members),
            from => new Ensemble(from.Choice("combination", Combinations), [.. from.Layers("members")])),
        Form(
            "dense",
            (layer, to) => to.Write("units", layer.Units).Write("hasBiases", layer.HasBiases).Write("weights", layer.Weights)
                .Write("biases", layer.Biases),
            from => new Dense(from.Integer("units"))
            {
                HasBiases = from.Flag("hasBiases"),
                Weights = from.Initializer("weights"),
                Biases = from.Initializer("biases"),
            }),
        Form(
            "convolution2d",
            (layer, to) => to.Write("filters", layer.Filters).Write("kernel", layer.Kernel).Write("stride", layer.Stride)
                .Write("padding", layer.Padding).Write("dilation", layer.Dilation).Write("groups", layer.Groups)
                .Write("algorithm", layer.Algorithm, Algorithms).Write("hasBiases", layer.HasBiases).Write("weights", layer.Weights)
                .Write("biases", layer.Biases),
            from => new Convolution2D(from.Integer("filters"), from.Extent("kernel"))
            {
                Stride = from.Extent("stride"),
                Padding = from.Padding("padding"),
                Dilation = from.Extent("dilation"),
                Groups = from.Integer("groups"),
                Algorithm = from.Choice("algorithm", Algorithms),
                HasBiases = from.Flag("hasBiases"),
                Weights = from.Initializer("weights"),
                Biases = from.Initializer("biases"),
            }),
        Form(
            "maxPool",
            (layer, to) => to.Write("window", layer.Window).Write("stride", layer.Stride).Write("padding", layer.Padding),
            from => new MaxPool(from.Extent("window")) { Stride = from.Extent("stride"), Padding = from.Padding("padding") }),
        Form(
            "averagePool",
            (layer, to) => to.Write("window", layer.Window).Write("stride", layer.Stride).Write("padding", layer.Padding)
                .Write("countsPadding", layer.CountsPadding),
            from => new AveragePool(from.Extent("window"))
            {
                Stride = from.Extent("stride"),
                Padding = from.Padding("padding"),
                CountsPadding = from.Flag("countsPadding"),
            }),
        Form("globalAveragePool", () => new GlobalAveragePool()),
        Form(
            "batchNorm",
            (layer, to) => to.Write("momentum", layer.Momentum).Write("epsilon", layer.Epsilon).Write("hasScale", layer.HasScale),
            from => new BatchNorm
            {
                Momentum = from.Number("momentum"),
                Epsilon = from.Number("epsilon"),
                HasScale = from.Version < 2 || from.Flag("hasScale"),
            }),
        Form(
            "testTimeAugmentation",
            (layer, to) => to.Write("network", layer.Network).WriteObjects("views", layer.Views, WriteView),
            from => new TestTimeAugmentation(from.Layer("network"), [.. from.Objects("views", ReadView)])),
        Form(
            "layerNorm",
            (layer, to) => to.Write("epsilon", layer.Epsilon),
            from => new LayerNorm { Epsilon = from.Number("epsilon") }),
        Form("dropout", (layer, to) => to.Write("rate", layer.Rate), from => new Dropout(from.Number("rate"))),
        Form("flatten", () => new Flatten()),
        Form("relu", () => new Relu()),
        Form("leakyRelu", (layer, to) => to.Write("slope", layer.Slope), from => new LeakyRelu(from.Number("slope"))),
        Form("elu", (layer, to) => to.Write("alpha", layer.Alpha), from => new Elu(from.Number("alpha"))),
        Form("gelu", (layer, to) => to.Write("form", layer.Form, GeluForms), from => new Gelu(from.Choice("form", GeluForms))),
        Form("silu", () => new Silu()),
        Form("sigmoid", () => new Sigmoid()),
        Form("tanh", () => new Tanh()),
        Form("softplus", () => new Softplus()),
    ];

    private static WrittenForm<Layer> Form<TLayer>(
        string name, Action<TLayer, SpecificationWriter> write, Func<SpecificationReader, TLayer> read)
        where TLayer : Layer => new(name, typeof(TLayer), (layer, to) => write((TLayer)layer, to), read);

    private static void WriteView(ImageView view, SpecificationWriter to) =>
        to.Write("down", view.Down).Write("right", view.Right).Write("mirrored", view.Mirrored).Write("weight", view.Weight);

    private static ImageView ReadView(SpecificationReader from) => new()
    {
        Down = from.Integer("down"),
        Right = from.Integer("right"),
        Mirrored = from.Flag("mirrored"),
        Weight = from.Number("weight"),
    };

    private static WrittenForm<Layer> Form<TLayer>(string name, Func<TLayer> make)
        where TLayer : Layer => new(name, typeof(TLayer), (_, _) => { }, _ => make());
}
