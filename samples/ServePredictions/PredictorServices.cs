using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Training;

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
    /// <param name="train">
    /// Trains the model where there is no file, with a callback that logs how it goes, until it is told to stop.
    /// </param>
    public static IServiceCollection AddPredictor(
        this IServiceCollection services,
        string name,
        string path,
        Func<TrainingCallback<float>, CancellationToken, Model<float>> train)
    {
        var predictor = new SavedPredictor(path, train);
        return services
            .AddKeyedSingleton(name, (provider, _) => predictor.Get(LogOf(provider), CancellationToken.None))
            .AddHostedService(provider =>
                new WarmUp(name, predictor, LogOf(provider), provider.GetRequiredService<ILogger<WarmUp>>()));

        TrainingLog LogOf(IServiceProvider provider) => new(name, provider.GetRequiredService<ILogger<TrainingLog>>());
    }

    /// <summary>A predictor that is loaded, or trained and saved, when it is first asked for; whoever asks meanwhile waits.</summary>
    private sealed class SavedPredictor(string path, Func<TrainingCallback<float>, CancellationToken, Model<float>> train)
    {
        private readonly Lock _lock = new();
        private Predictor<float>? _predictor;

        public bool IsSaved => File.Exists(path);

        public Predictor<float> Get(TrainingLog trainingLog, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                if (_predictor is null && !IsSaved)
                    train(trainingLog, cancellationToken).Save(path);
                return _predictor ??= Predictor.Load<float>(path);
            }
        }
    }

    /// <summary>
    /// Loads or trains a model before the first request. Training is no part of the thread that starts the server: a signal to stop is
    /// heard meanwhile, and ends it between two steps.
    /// </summary>
    private sealed class WarmUp(string name, SavedPredictor predictor, TrainingLog trainingLog, ILogger<WarmUp> log) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            if (!predictor.IsSaved)
                log.LogInformation("{Name}: there is no saved model yet, so one is trained", name);
            try
            {
                Predictor<float> ready = await Task.Run(() => predictor.Get(trainingLog, cancellationToken), cancellationToken);
                log.LogInformation("{Name}: {Predictor}", name, ready);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                log.LogInformation("{Name}: stopped before the model was ready", name);
                throw;
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
