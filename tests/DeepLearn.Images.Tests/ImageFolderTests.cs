using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Testing;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Images.Tests;

public sealed class ImageFolderTests : IDisposable
{
    private static readonly ImagePreparation Small = new(6, 8);

    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-images-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ImageFolder_names_classes_for_folders_and_takes_files_in_ordinal_order()
    {
        Put("train/b/2.png", "color.png");
        Put("train/b/10.JPG", "full.jpg");
        Put("train/a/deep/er/x.jpeg", "half.jpg");
        Put("train/a/a.png", "gray.png");
        Put("train/B/z.png", "alpha.png");
        Put("train/a/notes.txt", "make.py");
        Put("train/a/.hidden.png", "make.py");
        Put("train/.thumbnails/x.png", "make.py");
        Put("train/list.csv", "make.py");
        var told = new List<DataProgress>();
        ImageDataset images = ImageFolder.Load(Path.Combine(_folder, "train"), Small, progress: new Direct(told.Add));
        Assert.Equal(["B", "a", "b"], images.Description.ClassNames);
        Assert.Equal(["z.png", "a.png", "x.jpeg", "10.JPG", "2.png"], images.Paths.Select(Path.GetFileName));
        Assert.Equal([0, 1, 1, 2, 2], images.Labels.ToArray());
        Assert.Equal(Small.ExampleShape, images.ExampleShape);
        for (int i = 0; i < images.Count; i++)
            Assert.Equal(Small.Read(images.Paths[i]), images.Bytes(i).ToArray());
        Assert.Equal(5, told.Count);
        Assert.Equal(told[^1].Total, told[^1].Done);
        DatasetContract.Check(images).ThrowIfFailed();
    }

    [Fact]
    public void ImageFolder_validation_set_has_the_classes_of_its_training_set()
    {
        Put("train/a/1.png", "color.png");
        Put("train/b/1.png", "gray.png");
        Put("train/c/1.png", "gray.png");
        Put("val/c/1.png", "color.png");
        DatasetCollection data = ImageFolder.LoadCollection(_folder, Small);
        Assert.Equal([2], data.Test.Labels.ToArray());
        Assert.Equal(data.Training.Description, data.Test.Description);
        Put("val/d/1.png", "color.png");
        Assert.Contains(
            "expected folders of the classes [a, b, c]; found 'd' besides.",
            Assert.Throws<InvalidDataException>(() => ImageFolder.LoadCollection(_folder, Small)).Message);
        Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.LoadCollection(Path.Combine(_folder, "train"), Small));
    }

    [Fact]
    public void ImageFolder_preparation_goes_with_the_model_and_is_not_mixed_with_another()
    {
        Put("train/a/1.png", "color.png");
        Put("train/b/1.png", "gray.png");
        string folder = Path.Combine(_folder, "train"), path = Path.Combine(_folder, "model.safetensors");
        ImageDataset training = ImageFolder.Load(folder, Small);
        Dataset stretched = ImageFolder.Load(folder, Small with { Fit = ImageFit.Stretch });
        var plan = new TrainingPlan { Schedule = 0.01, Length = TrainingLength.Steps(2) };
        Model<float> model = new Dense(2).Build<float>(training.ExampleShape, 1);
        Assert.Contains("found another image preparation", Assert.Throws<ArgumentException>(() =>
            new Trainer<float>(model, plan, training, stretched)).Message);
        using var trainer = new Trainer<float>(model, plan, training, ImageFolder.Load(folder, Small with { MostPixels = 1_000_000 }));
        Assert.Throws<InvalidDataException>(() => ImagePreparation.Of(model.Card));
        trainer.Run(cancellationToken: TestContext.Current.CancellationToken);
        model.Save(path);
        Predictor<float> predictor = Predictor.Load<float>(path);
        ImagePreparation found = ImagePreparation.Of(predictor.Card);
        Assert.Equal(Small, found);
        string file = training.Paths[0];
        Assert.Equal(predictor.Predict(training.Take(1))[0].Probabilities, predictor.Predict(found.Load(file))[0].Probabilities);
    }

    [Fact]
    public void ImageFolder_options_out_of_range_are_refused_where_they_are_set()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageFolderOptions { Threads = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Small with { MostPixels = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Small with { Fit = (ImageFit)9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Small with { Color = (ImageColor)9 });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ImageFolder_names_the_first_damaged_file_or_leaves_all_of_them_out(int threads)
    {
        for (int i = 0; i < 40; i++)
            Put($"a/{i:D2}.png", "color.png");
        foreach (int damaged in new[] { 7, 31 })
            File.WriteAllBytes(Path.Combine(_folder, $"a/{damaged:D2}.png"), new byte[50]);
        File.WriteAllBytes(Path.Combine(_folder, "a/20.gif"), [.. "GIF89a"u8]);
        for (int repeat = 0; repeat < 5; repeat++)
        {
            string message = Assert.Throws<InvalidDataException>(
                () => ImageFolder.Load(_folder, Small, new() { Threads = threads })).Message;
            Assert.StartsWith(Path.Combine(_folder, "a", "07.png"), message);
        }
        ImageDataset images = ImageFolder.Load(_folder, Small, new() { Threads = threads, LeavesOutDamaged = true });
        Assert.Equal(38, images.Count);
        Assert.Equal(["07.png", "20.gif", "31.png"], images.LeftOut.Select(file => Path.GetFileName(file.Path)));
        Assert.Contains("found GIF", images.LeftOut[1].Reason);
        Assert.DoesNotContain(images.Paths, path => path.EndsWith("07.png", StringComparison.Ordinal));
    }

    [Fact]
    public void ImageFolder_without_images_is_refused()
    {
        Assert.Contains("found none", Assert.Throws<InvalidDataException>(() => ImageFolder.Load(_folder, Small)).Message);
        Put("a/1.png", "color.png");
        Directory.CreateDirectory(Path.Combine(_folder, "b"));
        Assert.Contains(
            "expected images of the class 'b'", Assert.Throws<InvalidDataException>(() => ImageFolder.Load(_folder, Small)).Message);
        Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.Load(Path.Combine(_folder, "missing"), Small));
    }

    [Fact]
    public void ImageFolder_reading_is_canceled()
    {
        for (int i = 0; i < 30; i++)
            Put($"a/{i}.png", "color.png");
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => ImageFolder.Load(
            _folder, Small, new() { Threads = 1 }, new Direct(_ => source.Cancel()), source.Token));
    }

    private void Put(string path, string image)
    {
        path = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(ImagePreparationTests.In(image), path);
    }

    private sealed class Direct(Action<DataProgress> report) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => report(value);
    }
}
