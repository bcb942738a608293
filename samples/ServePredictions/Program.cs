using DeepLearn.Samples.ServePredictions;

await Server.RunAsync(Server.Create(args));
