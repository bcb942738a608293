using System.Text.Json;
using DeepLearn.Models.Predictors;

namespace DeepLearn.Samples.ServePredictions;

/// <summary>What the server says of houses.</summary>
internal static class HouseEndpoints
{
    public const string Name = "houses";

    public static (string Name, FeatureValue Value)[] Example => [("area", 100), ("rooms", 4), ("town", "Cedar")];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(
        "/houses", (Dictionary<string, JsonElement> house, [FromKeyedServices(Name)] Predictor<float> predictor) => new HouseAnswer(
            predictor.Predict(house.Select(value => new KeyValuePair<string, object?>(value.Key, value.Value))).Values[0]))
        .WithTags("houses")
        .WithSummary("Predicts the price of a house: area, rooms (may be left out), town (Ash, Birch, Cedar).");
}

/// <summary>The answer for a house.</summary>
/// <param name="Price">Its price.</param>
internal sealed record HouseAnswer(double Price);
