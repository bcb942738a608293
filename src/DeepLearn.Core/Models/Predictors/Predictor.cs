using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Models.Predictors;

/// <summary>Makes predictors of files.</summary>
/// <example><code>
/// trainer.Run();
/// model.Save("images.safetensors");
///
/// Predictor&lt;float&gt; predictor = Predictor.Load&lt;float&gt;("images.safetensors");
/// Prediction prediction = predictor.Predict(test.Bytes(0).Span);
/// Console.WriteLine($"{prediction.ClassName}: {prediction.Probability:p1}");
/// </code></example>
public static class Predictor
{
    /// <summary>Loads a model with its card, as a predictor.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="loading">How; null for the defaults.</param>
    /// <param name="workers">The threads that large batches use; null for the calling one alone.</param>
    /// <exception cref="InvalidDataException">The file is damaged, cut short, of another format or a later version.</exception>
    /// <exception cref="ArgumentException">The file does not say what the model predicts.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Predictor<T> Load<T>(string path, ModelLoading? loading = null, WorkerPool? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(Model.Load<T>(path, loading), workers: workers);
}
