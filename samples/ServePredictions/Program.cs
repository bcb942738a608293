using DeepLearn.Samples.ServePredictions;

WebApplication server = Server.Create(args);
await server.RunAsync();
