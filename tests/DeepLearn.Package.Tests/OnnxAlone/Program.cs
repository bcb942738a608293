using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

// OnnxAlone FOLDER: ONNX Runtime on network.onnx and pixels.txt, beside the probabilities that stand there.
float[][] pixels = Read("pixels.txt"), stated = Read("probabilities.txt");
using var session = new InferenceSession(Path.Combine(args[0], "network.onnx"));
var tensor = new DenseTensor<float>(pixels.SelectMany(row => row).ToArray(), [pixels.Length, 32, 32, 3]);
using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([NamedOnnxValue.CreateFromTensor("pixels", tensor)]);
float[] found = [.. results[0].AsTensor<float>()];
double difference = stated.SelectMany(row => row).Zip(found, (ours, theirs) => Math.Abs(ours - theirs)).Max();
Console.WriteLine($"ONNX Runtime alone: {pixels.Length} images, {found.Length / pixels.Length} classes, within 1e-5: {difference < 1e-5}");

float[][] Read(string name) => [.. File.ReadAllLines(Path.Combine(args[0], name)).Select(Numbers)];

static float[] Numbers(string line) => [.. line.Split(' ').Select(word => float.Parse(word, CultureInfo.InvariantCulture))];
