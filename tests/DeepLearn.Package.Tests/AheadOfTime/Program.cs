using DeepLearn.Images;
using DeepLearn.Onnx;
using DeepLearn.Search.PostgreSql;

// A folder with one image (34x21, red grows to the right and green downward) in each of two classes.
string folder = Directory.CreateTempSubdirectory().FullName;
byte[] image = Convert.FromBase64String(
    "iVBORw0KGgoAAAANSUhEUgAAACIAAAAVCAIAAACsWquAAAAALElEQVR4nGNkYPjPzvCH1oiFgfsPAwPN0ag1o9aMWjNqzag1"
    + "o9aMWjNIrQEAufLBDtHNgYMAAAAASUVORK5CYII=");
foreach (string name in (string[])["left", "right"])
    File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, name)).FullName, "1.png"), image);
ImageDataset images = ImageFolder.Load(folder, new ImagePreparation(8, 8));
Console.WriteLine($"{images.Count} images of {images.ExampleShape}: {string.Join(", ", images.Description.ClassNames!)}");

// A network as ONNX, loaded both as the library's own and as any other program's.
Model<float> model = new Sequential(new Convolution2D(4, 3), new BatchNorm(), new Relu(), new Flatten(), new Dense(2))
    .Build<float>(images.ExampleShape, seed: 1);
string path = Path.Combine(folder, "network.onnx");
model.SaveOnnx(path);
float[] scores = Scores(model);
foreach (bool graphAlone in (bool[])[false, true])
{
    bool isSame = Scores(OnnxModel.Load<float>(path, new() { GraphAlone = graphAlone }).Model).SequenceEqual(scores);
    Console.WriteLine($"ONNX, graph alone {graphAlone}: the same scores {isSame}");
}
Directory.Delete(folder, recursive: true);

// A database: what is no connection string is refused, and where nobody listens, the server is named.
try
{
    _ = new PostgreSqlTrialStore("Database=search", "a search");
}
catch (ArgumentException exception)
{
    Console.WriteLine(exception.Message);
}
try
{
    new PostgreSqlTrialStore("Host=127.0.0.1;Port=1;Database=search;Username=me", "a search").Open(new(new IdentityField("seed", "1")));
}
catch (TrialStoreUnavailableException exception)
{
    bool isNamed = exception.Message.Contains("127.0.0.1:1/search", StringComparison.Ordinal);
    Console.WriteLine(isNamed ? "the server is named" : exception.Message);
}

float[] Scores(Model<float> network)
{
    var scores = new Matrix<float>(images.Count, 2);
    var pixels = new Matrix<float>(images.Count, images.ExampleShape.Count);
    network.Predict(pixels, scores);
    return scores.AsSpan().ToArray();
}
