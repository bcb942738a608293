namespace DeepLearn.Samples.ServePredictions;

/// <summary>The web server: two models, each a predictor that all requests share.</summary>
public static class Server
{
    /// <summary>Makes the server.</summary>
    /// <param name="args">
    /// What ASP.NET Core takes, and <c>--images FILE</c> and <c>--houses FILE</c>: saved models, each trained and saved there where the
    /// file is missing.
    /// </param>
    public static WebApplication Create(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

        // A start that fails ends the program with its error; one that is told to stop is none. The host would log both as errors.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level is LogLevel.Warning or LogLevel.Critical);
        string folder = Path.Combine(Path.GetTempPath(), "deeplearn-serve-predictions");
        builder.Services
            .AddPredictor(
                ImageEndpoints.Name, builder.Configuration["images"] ?? Path.Combine(folder, "images.safetensors"), ImageModel.Train)
            .AddPredictor(
                HouseEndpoints.Name, builder.Configuration["houses"] ?? Path.Combine(folder, "houses.safetensors"), HouseModel.Train)
            .AddSingleton<ExampleImages>()
            .AddProblemDetails()
            .AddOpenApi()
            .AddHealthChecks().AddCheck<PredictorHealth>("predictors");
        WebApplication server = builder.Build();

        // A body that cannot be read at all, as what is no JSON, is answered with problem details too.
        server.UseStatusCodePages();
        server.MapGet(
            "/", () => Results.Stream(typeof(Server).Assembly.GetManifestResourceStream("page.html")!, "text/html; charset=utf-8"))
            .ExcludeFromDescription();
        server.MapOpenApi();
        server.MapHealthChecks("/health");
        RouteGroupBuilder api = server.MapGroup("").AddEndpointFilter(BadExamples.Answer);
        ImageEndpoints.Map(api);
        HouseEndpoints.Map(api);
        return server;
    }

    /// <summary>Runs the server until it is told to stop, as by Ctrl-C or SIGTERM, which may be while it still trains its models.</summary>
    /// <param name="server">The server.</param>
    public static async Task RunAsync(WebApplication server)
    {
        CancellationToken stopping = server.Lifetime.ApplicationStopping;
        try
        {
            await server.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Its models were not ready yet; the next start trains what is not saved.
        }
    }
}
