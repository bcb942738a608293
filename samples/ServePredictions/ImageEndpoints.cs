using DeepLearn.Images;
using DeepLearn.Models.Predictors;

namespace DeepLearn.Samples.ServePredictions;

/// <summary>What the server says of images.</summary>
internal static class ImageEndpoints
{
    public const string Name = "images";

    private const int MostBytes = 8 << 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/images").WithTags("images");
        group.MapGet("/examples", (ExampleImages examples) =>
            Enumerable.Range(0, examples.Count).Select(i => new ExampleImage(i, examples.ClassOf(i))));
        group.MapGet("/examples/{index:int}", (int index, ExampleImages examples) => index < 0 || index >= examples.Count
            ? Results.NotFound()
            : Results.File(examples.Bitmap(index), "image/bmp"));
        group.MapPost("/examples/{index:int}", (int index, ExampleImages examples, [FromKeyedServices(Name)] Predictor<float> predictor) =>
            index < 0 || index >= examples.Count
                ? Results.NotFound()
                : Results.Ok(ImageAnswer.Of(predictor.Predict(examples.Pixels(index).Span))))
            .Produces<ImageAnswer>();
        group.MapPost("/pixels", async (HttpRequest request, [FromKeyedServices(Name)] Predictor<float> predictor) =>
            ImageAnswer.Of(predictor.Predict((await ReadAsync(request)).AsSpan())))
            .Accepts<Stream>("application/octet-stream")
            .WithSummary("Predicts 32 * 32 * 3 bytes: row by row, red, green and blue.");
        group.MapPost("/files", async (HttpRequest request, [FromKeyedServices(Name)] Predictor<float> predictor) =>
        {
            // How the model's examples were made is in its file.
            ImagePreparation preparation = ImagePreparation.FromJson(predictor.Card.TextOf(ImageModel.Preparation)!);
            byte[] pixels = preparation.Prepare(await ReadAsync(request), "the upload");
            return ImageAnswer.Of(predictor.Predict(pixels.AsSpan()));
        })
            .Accepts<Stream>("image/png", "image/jpeg")
            .WithSummary("Predicts a PNG or JPEG of any size.");
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        return bytes.Length <= MostBytes
            ? bytes.ToArray()
            : throw new InvalidDataException($"An upload has at most {MostBytes} bytes; found {bytes.Length}.");
    }
}

/// <summary>An image of the test set.</summary>
/// <param name="Index">Its number.</param>
/// <param name="ClassName">Its true class.</param>
internal sealed record ExampleImage(int Index, string ClassName);

/// <summary>The answer for an image.</summary>
/// <param name="ClassName">The most probable class.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Top">The five most probable classes.</param>
internal sealed record ImageAnswer(string ClassName, double Probability, IReadOnlyList<ClassProbability> Top)
{
    public static ImageAnswer Of(Prediction prediction) => new(prediction.ClassName!, prediction.Probability!.Value, prediction.Top(5));
}
