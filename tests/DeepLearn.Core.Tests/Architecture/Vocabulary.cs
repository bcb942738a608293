namespace DeepLearn.Tests.Architecture;

/// <summary>The words that the project does not use, each with the one it does, and why; see docs/architecture.md.</summary>
internal static class Vocabulary
{
    /// <summary>The words, in no order.</summary>
    public static IReadOnlyList<ForbiddenWord> Words { get; } =
    [
        new("British spelling", "color, behavior, honor, neighbor", "American spelling, as in the .NET libraries",
            "colour|behaviour|honour|favour|neighbour|flavour|labour|armour|rumour|endeavour"),
        new("British spelling", "center, fiber", "American spelling, as in the .NET libraries", "(?<![a-z])centre|theatre|(?<![a-z])fibre"),
        new("British spelling", "-ize, -ization", "American spelling, as in the .NET libraries",
            "(?:regular|normal|initial|optim|general|special|standard|serial|parallel|random|minim|maxim|organ|recogn|summar|vector|quant|"
            + "real|util|character|synchron|categor|token|penal|emphas|equal|final|visual|memor|stabil|sanit|symbol|canonical|factor|"
            + "discret|linear|custom|priorit|material|author)is(?:e|ed|es|er|ers|ing|ation|ations|able)(?![a-z\"])"),
        new("British spelling", "analyze, catalog, license, defense, artifact, while, learned, judgment, gray", "American spelling",
            "analys(?:e|ed|er|ing)(?![a-z])|catalogue|licence|defence|artefact|whilst|amongst|learnt|spelt|burnt|judgement|ageing|grey|"
            + "practis(?:e|ing)"),
        new("British spelling", "labeled, modeled, canceled, totaled", "American spelling",
            "labell(?:ed|ing)|modell(?:ed|ing|er)|cancell(?:ed|ing)|travell(?:ed|ing)|signall(?:ed|ing)|totall(?:ed|ing)|"
            + "channell(?:ed|ing)"),
        new("rectifier", "ReLU", "the field's name of max(0, x)", "(?<!\")rectifier(?!s\")"),
        new(
            "slope",
            "derivative, gradient",
            "the field's name of df/dx; a leaky ReLU has a slope, since PyTorch and Keras call it so",
            "(?<![a-z])slope")
        {
            AllowedIn = "DeepLearn.Onnx|LeakyRelu|Activations|Layer(?:Case|ErrorTests|Forms)|Kernel(?:Runs|Case)|Specifications/README",
        },
        new("twin", "the double-precision model; the runtime form", "twin of what?", "(?<![a-z])twin"),
        new("absorb", "fuse", "the field's name of a pass done within another; the changelog says what became of TryAbsorb",
            "absorb(?!` became)"),
        new("hand on", "pass through", "the field's name of a layer that changes nothing", "(?<![a-z])hands on(?![a-z])"),
        new("machine", "runtime", "what CreateRuntime makes",
            "(?:layer's|optimizer's|loss's|regularizer's|record's|and its) machine(?![a-z])|makes? (?:the|a|its) machine"),
        new("deviation", "standard deviation", "deviation from what?",
            "(?<!standard |absolute |squared |normalization/)(?<![a-zA-Z\"_])deviations?(?![a-zA-Z])") { InProseOnly = true },
        new("the same bits everywhere", "deterministic, reproducible bit for bit", "what people search for", "same bits everywhere"),
    ];
}
