using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tests.Samples;
using Xunit;

namespace DeepLearn.Tests.Models;

/// <summary>Some of a model's weights from a file.</summary>
public sealed class WeightLoadingTests : IDisposable
{
    private static readonly Sequential Body = new(new Dense(6), new BatchNorm(), new Relu());

    private readonly TemporaryFolder _folder = new();

    private string File => _folder["body.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LoadWeights_takes_what_the_patterns_name_and_says_what_it_did()
    {
        Model<float> saved = Pictures(4, 1), model = Pictures(3, 2);
        saved.Save(File);
        float[] head = Value(model, "dense1/weights");
        LoadedWeights what = model.LoadWeights(File, new() { Except = ["dense1/*"] });
        Assert.Equal(Value(saved, "sequential1/dense1/weights"), Value(model, "sequential1/dense1/weights"));
        Assert.Equal(head, Value(model, "dense1/weights"));
        Assert.Equal(
            ["sequential1/dense1/weights", "sequential1/dense1/biases", "sequential1/batchnorm1/scale", "sequential1/batchnorm1/shift",
                "sequential1/batchnorm1/mean", "sequential1/batchnorm1/variance"],
            what.Loaded);
        Assert.Equal(["dense1/weights", "dense1/biases"], what.Left);
        Assert.Equal(["dense1/weights", "dense1/biases"], what.Unused);
        Assert.Contains("left as they were: dense1/weights, dense1/biases\n", what.ToString());
    }

    [Fact]
    public void LoadWeights_renames_beginnings_and_skips_what_is_missing_if_asked()
    {
        Model<float> saved = Body.Build<float>(5, 1), model = Pictures(3, 2);
        saved.SaveWeights(File);
        var renamed = new WeightMatching { Renames = [new("sequential1/", "")] };
        Assert.Contains(
            "missing: dense1/weights [6, 3]",
            Assert.Throws<ModelMismatchException>(() => model.LoadWeights(
                File, renamed with { Renames = [new("sequential1/", ""), new("dense1/", "head/")] })).Message);
        LoadedWeights what = model.LoadWeights(
            File, renamed with { SkipsMissing = true, Renames = [new("sequential1/", ""), new("dense1/", "head/")] });
        Assert.Equal(Value(saved, "dense1/weights"), Value(model, "sequential1/dense1/weights"));
        Assert.Equal(6, what.Loaded.Count);
        Assert.Equal(["dense1/weights", "dense1/biases"], what.Left);
        Assert.Empty(what.Unused);
    }

    [Fact]
    public void LoadWeights_that_do_not_fit_are_refused_and_the_model_is_as_it_was()
    {
        Pictures(4, 1).Save(File);
        Model<float> model = Pictures(3, 2);
        string before = model.Sha256();
        Refuse<ModelMismatchException>("dense1/weights F32 [6, 4], expected [6, 3]", new());
        Refuse<ModelMismatchException>("missing: sequential1/dense1/weights [5, 6]", new() { Renames = [new("", "other/")] });
        Refuse<ModelMismatchException>(
            "holds none of the weights", new() { SkipsMissing = true, Renames = [new("", "other/")] });
        Refuse<ArgumentException>("The pattern dens1/* matches no weight", new() { Except = ["dens1/*"] });
        Refuse<ArgumentException>("No weight of the model begins with body/", new() { Renames = [new("body/", "")] });
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        bytes[^1] ^= 1;
        System.IO.File.WriteAllBytes(File, bytes);
        Refuse<InvalidDataException>("SHA-256", new() { Except = ["dense1/*"] });
        Assert.Equal(6, model.LoadWeights(File, new() { Except = ["dense1/*"], ChecksSha256 = false }).Loaded.Count);

        void Refuse<TException>(string part, WeightMatching matching)
            where TException : Exception
        {
            Assert.Contains(part, Assert.Throws<TException>(() => model.LoadWeights(File, matching)).Message);
            Assert.Equal(before, model.Sha256());
        }
    }

    [Fact]
    public void LoadWeights_of_doubles_into_floats_asks_for_rounding()
    {
        Body.Build<double>(5, 1).SaveWeights(File);
        Model<float> model = Body.Build<float>(5, 2);
        Assert.Contains(
            "new WeightMatching { MayRound = true }", Assert.Throws<ModelMismatchException>(() => model.LoadWeights(File)).Message);
        using FileStream stream = System.IO.File.OpenRead(File);
        Assert.Empty(model.LoadWeights(stream, new() { MayRound = true }).Left);
        Assert.Equal(Body.Build<float>(5, 1).Sha256(), model.Sha256());
    }

    private static Model<float> Pictures(int classes, ulong seed) => new Sequential(Body, new Dense(classes)).Build<float>(5, seed);

    private static float[] Value(Model<float> model, string name) =>
        model.Parameters.Single(parameter => parameter.Name == name).Value.AsSpan().ToArray();
}
