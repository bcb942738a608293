using System.Numerics;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Testing.Checks;

/// <summary>What a pass forward and back leaves: everything that has to have the same bits, by name.</summary>
internal sealed class LayerPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<(string Name, T[] Numbers)> _parts = [];

    public T[] Outputs => _parts[0].Numbers;

    public T[] InputGradient => _parts[1].Numbers;

    public T[] All => [.. _parts.SelectMany(part => part.Numbers)];

    /// <summary>Runs a batch. What is to be written is filled before.</summary>
    /// <param name="subject">The numbers.</param>
    /// <param name="model">The model.</param>
    /// <param name="workspace">A workspace of it for training.</param>
    /// <param name="batch">The number of examples.</param>
    /// <param name="wantsInput">Whether the gradient of the input is wanted.</param>
    /// <param name="filling">What stands where gradients go.</param>
    /// <param name="targets">Where gradients go; null for the parameters' own.</param>
    public static LayerPass<T> Run(
        LayerSubject subject,
        Model<T> model,
        ModelWorkspace<T> workspace,
        int batch,
        bool wantsInput = true,
        double filling = double.NaN,
        GradientTarget<T>[]? targets = null)
    {
        Matrix<T> examples = subject.Examples<T>(batch);
        Matrix<T> inputGradient = Numbers.Filled(wantsInput ? batch : 0, examples.Columns, T.CreateChecked(filling));
        foreach (Parameter<T> parameter in model.Parameters)
            parameter.Gradient.View.Fill(T.CreateChecked(filling));
        workspace.SetNoise(subject.Noise);
        var pass = new LayerPass<T>();
        pass._parts.Add(("the outputs", workspace.Forward(examples).AsSpan().ToArray()));
        subject.Draw<T>("derivatives", batch, model.OutputShape.Count).AsSpan().CopyTo(workspace.OutputGradient.AsSpan());
        if (targets is null)
            workspace.Backward(examples, inputGradient);
        else
            workspace.Backward(examples, targets, inputGradient);
        pass._parts.Add(("the gradient of the input", inputGradient.AsSpan().ToArray()));
        pass._parts.AddRange(
            model.Parameters.Select(parameter => ($"the gradient of {parameter.Name}", parameter.Gradient.AsSpan().ToArray())));
        pass._parts.AddRange(model.Buffers.Select(buffer => ($"the buffer {buffer.Name}", buffer.Value.AsSpan().ToArray())));
        return pass;
    }

    /// <summary>The gradient of a parameter.</summary>
    public T[] GradientOf(int parameter) => _parts[2 + parameter].Numbers;

    /// <summary>Expects the same bits of every part, or of those of the parameters and buffers alone.</summary>
    public void ExpectSame(LayerPass<T> found, string how, bool withInputGradient = true)
    {
        for (int i = 0; i < _parts.Count; i++)
        {
            if (i != 1 || withInputGradient)
                Expect.SameBits(_parts[i].Numbers, found._parts[i].Numbers, $"{_parts[i].Name} {how}");
        }
    }

    public void ExpectNumbers()
    {
        foreach ((string name, T[] numbers) in _parts)
        {
            int index = Array.FindIndex(numbers, T.IsNaN);
            Expect.That(
                index < 0,
                $"a number in every element of {name}",
                $"NaN in element {index} of {numbers.Length}, which held NaN before the pass");
        }
    }
}
