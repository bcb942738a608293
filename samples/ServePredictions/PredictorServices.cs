using DeepLearn.Models;
using DeepLearn.Models.Predictors;

namespace DeepLearn.Samples.ServePredictions;

/// <summary>Adds predictors to an application's services.</summary>
public static class PredictorServices
{
    /// <summary>
    /// Adds a predictor by a name, one for all requests: of a file or, where it is missing, of a model that is trained and saved there.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, for <c>[FromKeyedServices]</c>.</param>
    /// <param name="path">The file.</param>
    /// <param name="train">Trains the model where there is no file.</param>
    public static IServiceCollection AddPredictor(this IServiceCollection services, string name, string path, Func<Model<float>> train)
    {
        var predictor = new Lazy<Predictor<float>>(() =>
        {
            if (!File.Exists(path))
                train().Save(path);
            return Predictor.Load<float>(path);
        });
        return services
            .AddKeyedSingleton(name, (_, _) => predictor.Value)
            .AddHostedService(provider => new WarmUp(name, predictor, provider.GetRequiredService<ILogger<WarmUp>>()));
    }

    /// <summary>Loads or trains a model before the first request.</summary>
    internal sealed class WarmUp(string name, Lazy<Predictor<float>> predictor, ILogger<WarmUp> log) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            log.LogInformation("{Name}: {Predictor}", name, predictor.Value);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
