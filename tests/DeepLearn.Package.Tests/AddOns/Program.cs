using DeepLearn.Images;
using DeepLearn.Onnx;
using DeepLearn.Reporting;
using DeepLearn.Search.PostgreSql;
using DeepLearn.Testing;

// Every package that goes with the library, from outside: a contract suite, a network as ONNX, a figure, an image folder and a database
// that are not there.
LayerContract.Check(new Dense(3), new Shape(5)).ThrowIfFailed();

DatasetCollection images = SyntheticImages.Create(seed: 1, trainingCount: 200, testCount: 50);
Model<float> model = new Sequential(new Dense(8), new Relu(), new Dense(10)).Build<float>(images.Training.ExampleShape, seed: 1);
var plan = new TrainingPlan { Schedule = 0.01, Length = TrainingLength.Steps(6), BatchSize = 50, Evaluation = new() { Every = 2 } };
using var trainer = new Trainer<float>(model, plan, images.Training, images.Test);
TrainingResult result = trainer.Run();

string folder = Directory.CreateTempSubdirectory().FullName;
model.SaveOnnx(Path.Combine(folder, "network.onnx"));
LearningCurves.Of(result.Curve, plan.Schedule).Save(Path.Combine(folder, "curves.png"));
foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
    Console.WriteLine($"{Path.GetFileName(file)}: {(new FileInfo(file).Length > 1000 ? "written" : "too short")}");
Directory.Delete(folder, recursive: true);

try
{
    ImageFolder.LoadCollection(folder, new ImagePreparation(8, 8));
}
catch (DirectoryNotFoundException exception)
{
    Console.WriteLine(exception.Message.Contains(folder, StringComparison.Ordinal) ? "the folder is named" : exception.Message);
}

Console.WriteLine(new PostgreSqlTrialStore("Host=nowhere;Database=search;Username=me", "a search").Server);
