using System.Globalization;
using DeepLearn.Layers;

namespace DeepLearn.Onnx.Import;

/// <content>
/// The operators of the domain ai.onnx.ml that a network of scikit-learn comes with: what stands before it, and the classes behind it.
/// </content>
internal sealed partial class GraphImport
{
    private const string ClassicalDomain = "ai.onnx.ml";

    /// <summary>(x - offset) * scale.</summary>
    private Value Scaler(NodeReader node)
    {
        Value input = node.Example(0);
        double[] offsets = PerFeature("offset"), scales = PerFeature("scale");
        double[] factors = [.. scales];
        return input with
        {
            Step = Add(new(StepKind.Affine, node.Name, node.Operator, input.Shape, input.Step)
            {
                Factors = factors,
                Terms = [.. factors.Select((factor, i) => -factor * offsets[i])],
            }),
        };

        double[] PerFeature(string name)
        {
            float[] found = node.TryNumbers(name) ?? throw node.Refuse($"expected {name}; found none");
            int count = input.Shape.Count;
            return input.IsVector && (found.Length == 1 || found.Length == count)
                ? [.. Enumerable.Range(0, count).Select(i => (double)found[found.Length == 1 ? 0 : i])]
                : throw node.Refuse($"expected {name} of one number, or of one for each of {count} features; found {found.Length}");
        }
    }

    /// <summary>Scores of classes, and what makes probabilities of them.</summary>
    private Value LinearClassifier(NodeReader node)
    {
        Value input = node.Example(0);
        SetClasses(node, "classlabels_strings", "classlabels_ints");
        node.Ignore("multi_class");
        (double[] weights, double[] biases, int outputs) = Linear(node, input, "targets");
        string transform = node.Text("post_transform", "NONE");
        if (transform == "LOGISTIC" && outputs <= 2)
        {
            // Of two rows the one says no what the other says yes.
            int yes = outputs - 1;
            for (int i = 0; i < weights.Length && outputs == 2; i += 2)
            {
                if (weights[i] != -weights[i + 1] || biases[0] != -biases[1])
                    throw node.Refuse("expected two classes whose scores are one another's opposite; found others");
            }
            Value score = DenseOf([.. weights.Where((_, i) => i % outputs == yes)], [biases[yes]]);
            return TwoClasses(node, score.Step);
        }
        Value scores = DenseOf(weights, biases);
        return transform switch
        {
            "NONE" => scores,
            "SOFTMAX" => scores with { Step = Add(new(StepKind.Softmax, node.Name, node.Operator, scores.Shape, scores.Step)) },
            _ => throw node.Refuse($"expected post_transform NONE, SOFTMAX or, of two classes, LOGISTIC; found {transform}"),
        };

        Value DenseOf(double[] weights, double[] biases) =>
            AddLayer(node, new Dense(biases.Length), input, [biases.Length], null, input.Arrange(weights), biases);
    }

    private Value LinearRegressor(NodeReader node)
    {
        Value input = node.Example(0);
        if (node.Text("post_transform", "NONE") is var transform && transform != "NONE")
            throw node.Refuse($"expected post_transform NONE; found {transform}");
        (double[] weights, double[] biases, int outputs) = Linear(node, input, "targets");
        return AddLayer(node, new Dense(outputs), input, [outputs], null, input.Arrange(weights), biases);
    }

    /// <summary>Weights [inputs, outputs], of which the file has the outputs first, and biases.</summary>
    private static (double[] Weights, double[] Biases, int Outputs) Linear(NodeReader node, Value input, string count)
    {
        float[] coefficients = node.TryNumbers("coefficients") ?? throw node.Refuse("expected coefficients; found none");
        float[]? intercepts = node.TryNumbers("intercepts");
        int features = input.Shape.Count, outputs = coefficients.Length / features;
        bool fits = input.IsVector && outputs > 0 && coefficients.Length == outputs * features
            && (intercepts is null || intercepts.Length == outputs) && node.Whole(count, outputs) == outputs;
        if (!fits)
        {
            throw node.Refuse(
                $"expected coefficients for each of {features} features and intercepts for each output; found {coefficients.Length} and "
                + $"{intercepts?.Length ?? 0}");
        }
        var weights = new double[coefficients.Length];
        for (int output = 0; output < outputs; output++)
        {
            for (int feature = 0; feature < features; feature++)
                weights[(feature * outputs) + output] = coefficients[(output * features) + feature];
        }
        return (weights, intercepts is null ? new double[outputs] : [.. intercepts.Select(number => (double)number)], outputs);
    }

    /// <summary>Probabilities over their sum, which is 1 already.</summary>
    private static Value Normalizer(NodeReader node)
    {
        Value input = node.Example(0);
        string norm = node.Text("norm", "MAX");
        return norm == "L1" && input.Step.Kind is StepKind.Softmax or StepKind.TwoClasses
            ? input
            : throw node.Refuse($"expected norm L1 of probabilities; found {norm}");
    }

    /// <summary>Probabilities as a dictionary by class.</summary>
    private Value ZipMap(NodeReader node)
    {
        SetClasses(node, "classlabels_strings", "classlabels_int64s");
        return node.Example(0);
    }

    private void SetClasses(NodeReader node, string texts, string numbers) => ClassNames = node.TryTexts(texts)
        ?? node.TryWholes(numbers)?.Select(number => number.ToString(CultureInfo.InvariantCulture)).ToArray() ?? ClassNames;

    /// <summary>1 - p and p, p being a sigmoid, side by side; null for what is none.</summary>
    private Value? TryTwoClasses(NodeReader node)
    {
        if (node.InputCount != 2 || node.TryInput(0) is not Value { IsVector: true } no)
            return null;
        if (node.TryInput(1) is not Value { IsVector: true } yes)
            return null;
        bool isSo = yes.Step is { Layer: Sigmoid, Shape.Count: 1 } && no.Step is { Kind: StepKind.Affine, Factors: [-1], Terms: [1] }
            && no.Step.Parents[0] == yes.Step && node.Whole("axis", 1) is 1 or -1;
        return isSo ? TwoClasses(node, yes.Step.Parents[0]) : null;
    }

    private Value TwoClasses(NodeReader node, Step score) => new(
        Add(new(StepKind.TwoClasses, node.Name, node.Operator, 2, score)), [2], null);
}
