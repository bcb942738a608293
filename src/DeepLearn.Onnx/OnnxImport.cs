using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Models;

namespace DeepLearn.Onnx;

/// <summary>The content of an ONNX file: a model, and what else the file says.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// model.SaveOnnx("digits.onnx");
/// OnnxImport&lt;float&gt; import = OnnxModel.Load&lt;float&gt;("digits.onnx");
/// foreach (string note in import.Notes)
///     Console.WriteLine(note);
/// </code></example>
public sealed class OnnxImport<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal OnnxImport(Model<T> model) => Model = model;

    /// <summary>
    /// The model: it predicts what the file does between <see cref="Normalization"/> and <see cref="Temperature"/> or
    /// <see cref="TargetScaling"/>, and trains on. Its card is the one that a file of ours keeps; of another file it has the normalization,
    /// and the task by the ending. So a <c>Predictor</c> of the model answers what the file does.
    /// </summary>
    public Model<T> Model { get; }

    /// <summary>
    /// The normalization that the file applies to examples first, and the model does not; null for none. Where the card has a preprocessing
    /// of a table, it is what comes after that.
    /// </summary>
    public Normalization? Normalization { get; internal init; }

    /// <summary>What the file divides scores by before <see cref="Ending"/>, and the model does not; 1 for nothing.</summary>
    public double Temperature { get; internal init; } = 1;

    /// <summary>
    /// By which the file brings the outputs to the units of the targets, <c>output * standard deviation + mean</c>, and the model does not;
    /// null for none.
    /// </summary>
    public Normalization? TargetScaling { get; internal init; }

    /// <summary>The function that the file applies to the outputs at its end, and the model does not.</summary>
    public OnnxEnding Ending { get; internal init; }

    /// <summary>
    /// In which order the file takes images. The model always takes them channels last: with <see cref="PixelOrder.Planar"/>, rearrange the
    /// file's planar images for the model.
    /// </summary>
    public PixelOrder InputOrder { get; internal init; }

    /// <summary>The names of the classes where the graph has them, as scikit-learn's have.</summary>
    internal string[] ClassNames { get; init; } = [];

    /// <summary>The name of the file's input.</summary>
    public string InputName { get; internal init; } = "";

    /// <summary>The name of the file's output.</summary>
    public string OutputName { get; internal init; } = "";

    /// <summary>What wrote the file, as it says itself.</summary>
    public string Producer { get; internal init; } = "";

    /// <summary>The version of ONNX's operators that the file uses.</summary>
    public int OperatorSet { get; internal init; }

    /// <summary>The texts of the file's metadata, by key, without those that say the specification and the card.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; internal init; } = new Dictionary<string, string>();

    /// <summary>Notes for the user: what was left out of the network, and where the file could be read in several ways.</summary>
    public ValueList<string> Notes { get; internal init; } = ValueList<string>.Empty;
}
