using DeepLearn.Models.Predictors;

namespace DeepLearn.Samples.ServePredictions;

/// <summary>What is wrong with an example is the client's fault: the answer is 400, and names the feature.</summary>
internal static class BadExamples
{
    public static async ValueTask<object?> Answer(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (InvalidExampleException exception)
        {
            return Results.ValidationProblem(new Dictionary<string, string[]> { [exception.Feature ?? "example"] = [exception.Message] });
        }
        catch (InvalidDataException exception)
        {
            return Results.ValidationProblem(new Dictionary<string, string[]> { ["image"] = [exception.Message] });
        }
    }
}
