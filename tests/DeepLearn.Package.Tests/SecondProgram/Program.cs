// What another process needs of a model that FirstProgram trained: its file.
Predictor<float> predictor = Predictor.Load<float>(args[0]);
Dataset images = SyntheticImages.Create(seed: 1, trainingCount: 600, testCount: 200).Test;
foreach (Prediction prediction in predictor.Predict(images))
    Console.WriteLine($"{prediction.Label} {prediction.Probability:R}");
