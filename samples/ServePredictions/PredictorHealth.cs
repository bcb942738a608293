using DeepLearn.Models.Predictors;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DeepLearn.Samples.ServePredictions;

/// <summary>Healthy where both models predict.</summary>
/// <param name="images">The network of images.</param>
/// <param name="houses">The network of a table.</param>
internal sealed class PredictorHealth(
    [FromKeyedServices(ImageEndpoints.Name)] Predictor<float> images, [FromKeyedServices(HouseEndpoints.Name)] Predictor<float> houses)
    : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var scores = new float[images.OutputCount];
        images.Predict(new byte[images.InputCount], scores);
        _ = houses.Predict(HouseEndpoints.Example);
        return Task.FromResult(HealthCheckResult.Healthy());
    }
}
