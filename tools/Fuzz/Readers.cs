using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using DeepLearn.Data;
using DeepLearn.Data.Cifar;
using DeepLearn.Data.Csv;
using DeepLearn.Data.Mapped;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Images;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Models.Specifications;
using DeepLearn.Onnx;
using DeepLearn.Search;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Training;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Tools.Fuzz;

/// <summary>The readers of the library.</summary>
public static class Readers
{
    private const long Deflate = 1100;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Reader> All =>
    [
        new("csv", Csv(), path => CsvFiles.Load<float>(path, TableOptions), IsInvalidData),
        new("table", Csv(), ReadTable, IsInvalidData),
        new("preprocessing", [Encoding.UTF8.GetBytes(FittedJson())], path => Preprocessing.FromJson(File.ReadAllText(path)), IsInvalidData)
        {
            NamesFile = false,
        },
        new("idx", [Idx(0x08), Idx(0x0D)], path => IdxFile.Read(path), IsInvalidData),
        new("idx.gz", [Gzip(Idx(0x08)), Gzip(Idx(0x0C))], path => IdxFile.Read(path), IsInvalidData) { AllocationFactor = Deflate },
        new("npy", [Npy(NumericType.Float32), Npy(NumericType.UInt8)], path => NpyFile.Read(path), IsInvalidData),
        new("npz", [Npz(false), Npz(true)], path => NpzFile.Read(path), IsInvalidData) { AllocationFactor = Deflate },
        new("mapped", [Npy(NumericType.Float32), Npy(NumericType.UInt8), Idx(0x0B)], ReadMapped, IsInvalidData),
        new("cifar-10.tar.gz", [CifarArchive(Cifar10Files.Format, isNoise: false)], path => Cifar10Files.Load(path), IsInvalidData)
        {
            AllocationFactor = Deflate,
        },
        new("cifar.tar.gz", [CifarArchive(SmallCifar, isNoise: true), CifarArchive(SmallCifar, isNoise: false)], ReadCifar, IsInvalidData)
        {
            AllocationFactor = Deflate,
        },
        new("cifar", [CifarFile(SmallCifar, 0, isNoise: true)], path => ReadCifar(Path.GetDirectoryName(path)!), IsInvalidData)
        {
            FileName = SmallCifar.FileAt(0),
            Surroundings = folder => WriteCifar(folder, SmallCifar),
        },
        new(
            "onnx",
            [.. Networks.Select(OnnxBytes)],
            path => OnnxModel.Load<float>(path),
            exception => exception is InvalidDataException or OnnxUnsupportedException),
        new("safetensors", [Safetensors()], ReadSafetensors, IsInvalidData),
        new(
            "model",
            [ModelBytes()],
            path => Model.Load<float>(path),
            IsOfModel),
        new("specification", [.. Networks.Select(SpecificationBytes)], ReadSpecification, IsInvalidData) { NamesFile = false },
        new("model specification", [TextOf("deeplearn.specification")], path => ReadSealed(path, "deeplearn.specification"), IsOfModel),
        new("model card", [TextOf("deeplearn.card")], path => ReadSealed(path, "deeplearn.card"), IsOfModel),
        new(
            "checkpoint",
            [Checkpoint()],
            path => Resume(path),
            exception => exception is InvalidDataException or IdentityMismatchException),
        new("journal", [Journal()], ReadJournal, exception => exception is TrialStoreException or IdentityMismatchException),
        new("png", Images("png"), path => Preparation.Read(path), IsInvalidData) { AllocationFactor = 16 * Deflate },
        new("jpeg", Images("jpg"), path => Preparation.Read(path), IsInvalidData) { AllocationFactor = 16 * Deflate },
        new("image folder", [.. Images("png"), .. Images("jpg")], ReadFolder, IsInvalidData)
        {
            FileName = Path.Combine("train", "b", "1.png"),
            Surroundings = WriteFolder,
            AllocationFactor = 16 * Deflate,
        },
        new(
            "image preparation",
            [Encoding.UTF8.GetBytes(Preparation.ToJson())],
            path => ImagePreparation.FromJson(File.ReadAllText(path)),
            IsInvalidData)
        {
            NamesFile = false,
        },
    ];

    private static CsvOptions TableOptions { get; } = new() { LabelColumn = "kind", IgnoredColumns = ["color"] };

    private static PreprocessingOptions Filling { get; } = new() { MissingValues = MissingValues.Mean, Standardizes = true };

    private static ImagePreparation Preparation { get; } = new(8, 8);

    private static bool IsInvalidData(Exception exception) => exception is InvalidDataException;

    private static byte[][] Csv()
    {
        const string Text = "x,y,color,kind\n1.5,-2e3,red,a\n\"3\",4,\"blue, or so\",b\n0.25,7.125,red,a\n12345.678,0,green,b\n";
        return [Encoding.UTF8.GetBytes(Text), Encoding.UTF8.GetBytes("\uFEFF" + Text.Replace("\n", "\r\n", StringComparison.Ordinal))];
    }

    private static string FittedJson()
    {
        Table table = CsvFiles.ParseTable(
            new StringReader(Encoding.UTF8.GetString(Csv()[0])), "x", new() { LabelColumn = "kind", CategoricalColumns = ["color"] });
        return Preprocessing.Fit(table, Filling).ToJson();
    }

    private static void ReadTable(string path)
    {
        Table table = CsvFiles.ReadTable(path, TableOptions with { CategoricalColumns = ["color"], IgnoredColumns = [] });
        if (table.Count > 0)
            Preprocessing.Fit(table, Filling).Apply<float>(table);
    }

    private static byte[] Idx(byte type)
    {
        int size = type == 0x08 ? 1 : type == 0x0B ? 2 : 4;
        byte[] bytes = [0, 0, type, 3, 0, 0, 0, 5, 0, 0, 0, 4, 0, 0, 0, 3, .. new byte[60 * size]];
        for (int i = 16; i < bytes.Length; i++)
            bytes[i] = (byte)(i * 29);
        return bytes;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.Optimal))
            zip.Write(bytes);
        return stream.ToArray();
    }

    private static byte[] Npy(NumericType type) => Written(path => NpyFile.Write(path, Array(type)));

    private static NumericArray Array(NumericType type) => type == NumericType.UInt8
        ? NumericArray.Of<byte>([.. Enumerable.Range(0, 60).Select(i => (byte)i)], 5, 4, 3)
        : NumericArray.Of<float>([.. Enumerable.Range(0, 60).Select(i => i / 8f)], 5, 12);

    private static byte[] Npz(bool isCompressed) => Written(path => NpzFile.Write(
        path, new Dictionary<string, NumericArray> { ["x"] = Array(NumericType.Float32), ["y"] = Array(NumericType.UInt8) }, isCompressed));

    private static void ReadMapped(string path)
    {
        using MappedDataset data = MappedDataset.Open(path);
        data.GatherRange(0, null, new Matrix<float>(Math.Min(3, data.Count), data.ExampleShape.Count).View);
    }

    // As many records as make a file interesting, so that a hundred thousand archives take minutes.
    private static CifarFormat SmallCifar { get; } = Cifar10Files.Format with { RecordsPerTrainingFile = 2, RecordsInTestFile = 1 };

    private static void ReadCifar(string path) => CifarReader.Load(SmallCifar, path, PixelOrder.ChannelsLast, null, CancellationToken.None);

    // Of equal bytes, the whole collection is 200 KB.
    private static byte[] CifarArchive(CifarFormat format, bool isNoise)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.Optimal))
        using (var tar = new TarWriter(zip, TarEntryFormat.Ustar))
        {
            for (int file = 0; file < format.Files; file++)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{format.Folder}/{format.FileAt(file)}")
                {
                    DataStream = new MemoryStream(CifarFile(format, file, isNoise)),
                });
            }
        }
        return stream.ToArray();
    }

    private static byte[] CifarFile(CifarFormat format, int file, bool isNoise)
    {
        var bytes = new byte[format.LengthAt(file)];
        RandomStream random = RandomKey.FromSeed(1).Derive(file).Open();
        for (int i = 0; i < bytes.Length && isNoise; i++)
            bytes[i] = (byte)(i % format.RecordLength == 0 ? i % format.Classes : (int)(random.NextBits() & 0xFF));
        return bytes;
    }

    private static void WriteCifar(string folder, CifarFormat format)
    {
        for (int file = 0; file < format.Files; file++)
            File.WriteAllBytes(Path.Combine(folder, format.FileAt(file)), CifarFile(format, file, isNoise: true));
    }

    private static byte[] Safetensors() => Written(path =>
    {
        var writer = new SafetensorsWriter();
        writer.Add("a", Matrix<float>.FromArray(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }));
        writer.Add("b", Matrix<double>.FromArray(new double[,] { { 1, 2 } }), 2, 1, 1);
        writer.AddText("key", "text");
        writer.Save(path);
    });

    private static void ReadSafetensors(string path)
    {
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        foreach (SafetensorsEntry entry in reader.Tensors)
            reader.ReadArray(entry);
    }

    private static byte[] ModelBytes() => Written(path => Network().Save(path));

    private static Sequential Dense { get; } = new(new Dense(4), new Relu(), new Dense(2));

    private static Sequential Convolutional { get; } = new(
        new Convolution2D(2, 3), new BatchNorm(), new Relu(), new MaxPool(2), new Residual(new Convolution2D(2, 1)), new Dense(2));

    private static Model<float> Network() => Dense.Build<float>(3, 1);

    private static Layer[] Networks => [Dense, Convolutional];

    private static bool IsOfModel(Exception exception) => exception is InvalidDataException or ModelMismatchException;

    private static byte[] SpecificationBytes(Layer network) => Encoding.UTF8.GetBytes(network.ToJson());

    private static void ReadSpecification(string path) => NetworkSpecification.FromJson(File.ReadAllText(path));

    // A text of a model's file, whose checksum would refuse every damaged one: the damaged text is put into a file with a right checksum.
    private static byte[] TextOf(string key)
    {
        using var reader = SafetensorsReader.Open(new MemoryStream(ModelBytes()));
        return Encoding.UTF8.GetBytes(reader.Metadata[key]);
    }

    private static void ReadSealed(string path, string key)
    {
        using var good = SafetensorsReader.Open(new MemoryStream(GoodModel.Value));
        var writer = new SafetensorsWriter();
        foreach (SafetensorsEntry entry in good.Tensors)
            writer.Add(entry.Name, good.ReadMatrix<float>(entry), entry.Shape.AsSpan());
        foreach ((string name, string text) in good.Metadata)
        {
            if (name != ModelFileTexts.Checksum)
                writer.AddText(name, name == key ? File.ReadAllText(path) : text);
        }
        writer.AddText(ModelFileTexts.Checksum, writer.Checksum());
        writer.Save($"{path}.model");
        Model.Load<float>($"{path}.model");
    }

    private static readonly Lazy<byte[]> GoodModel = new(ModelBytes);

    private static byte[] OnnxBytes(Layer network) =>
        Written(path => network.Build<float>(network == Dense ? new Shape(3) : new Shape(6, 6, 2), 1).SaveOnnx(path));

    private static byte[] Checkpoint() => Written(path =>
    {
        using Trainer<float> trainer = Trainer(path);
        trainer.Run();
    });

    private static void Resume(string path)
    {
        using Trainer<float> trainer = Trainer(path);
        trainer.TryResume();
    }

    private static Trainer<float> Trainer(string path)
    {
        DenseDataset<float> data = DenseDataset<float>.FromArray(new float[,] { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } }, [0, 1, 0], 2);
        var plan = new TrainingPlan { Schedule = 0.01, Length = TrainingLength.Epochs(2), BatchSize = 2 };
        return new(Network(), plan, data) { Checkpointing = new(path) };
    }

    private static CoarseToFineSearch Search { get; } =
        new(new SearchSpace(new UniformDimension("rate", 0, 1)), new SearchStage(3, 2)) { Seed = 7, Subject = "fuzzing" };

    private static byte[] Journal() => Written(path => Search.Run(
        (trial, _, _) => new TrialOutcome(trial.Value("rate")), new() { Store = new JournalTrialStore(path) }));

    private static void ReadJournal(string path)
    {
        using TrialLog log = new JournalTrialStore(path).Open(Search.Identity());
        _ = log.Recorded.Count;
    }

    private static byte[][] Images(string extension)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Images");
        return [.. Directory.GetFiles(folder, "*." + extension).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }

    private static void WriteFolder(string folder)
    {
        byte[][] images = [.. Images("png"), .. Images("jpg")];
        foreach (string place in new[] { "train/a/1.jpg", "train/b/2.jpg", "val/a/1.jpg", "val/b/1.jpg" })
        {
            string path = Path.Combine(folder, place);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, images[0]);
        }
    }

    // On one thread, whose memory is counted.
    private static void ReadFolder(string path) => ImageFolder.LoadCollection(
        Path.GetFullPath(Path.Combine(path, "..", "..", "..")), Preparation, new() { Threads = 1 });

    private static byte[] Written(Action<string> write)
    {
        string folder = Directory.CreateTempSubdirectory("deeplearn-fuzz-").FullName;
        try
        {
            string path = Path.Combine(folder, "good");
            write(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
