using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Reporting.Figures;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Reporting.Tests;

/// <summary>Wrongly classified images.</summary>
public sealed class WrongExamplesTests
{
    [Fact]
    public void Of_bytes_shows_the_mistakes_with_the_surest_first()
    {
        // The two pixels of an image are the scores of the two classes.
        Model<float> model = Identity();
        var dataset = new ByteDataset([1, 2, 5, 9, 200, 0, 3, 7], [1, 0, 1, 0], Pictures(new(1, 2, 1)));

        Figure figure = WrongExamples.Of(model, dataset);

        Assert.Equal(
            ["left, 100 %\nis right", "right, 98 %\nis left", "right, 98 %\nis left"], figure.Panels.Select(panel => panel.Title));
        Assert.Equal([200, 200, 200, 0, 0, 0], ((ImagePanel)figure.Panels[0]).Pixels);
        Assert.Equal([5, 5, 5, 9, 9, 9], ((ImagePanel)figure.Panels[1]).Pixels);
        Assert.Contains("3 of 4", figure.Caption, StringComparison.Ordinal);
        Assert.Equal(2, WrongExamples.Of(model, dataset, count: 2).Panels.Count);
        Assert.NotEmpty(figure.ToPng());
    }

    [Fact]
    public void Of_a_network_for_more_classes_than_the_data_set_has_names_the_others_by_their_numbers()
    {
        Model<float> model = new Flatten().Build<float>(new Shape(1, 3, 1), 1);
        DatasetDescription pictures = new(new Shape(1, 3, 1)) { Classes = 2, ClassNames = ["left", "right"] };
        Assert.Equal(
            "2, 100 %\nis left", Assert.Single(WrongExamples.Of(model, new ByteDataset([1, 2, 90], [0], pictures)).Panels).Title);
    }

    [Fact]
    public void Of_normalized_images_classifies_what_the_network_was_trained_on()
    {
        Model<float> model = Identity();
        var dataset = new ByteDataset([10, 5, 10, 5], [0, 1], Pictures(new(1, 2, 1)));

        // The normalization turns the order of the two pixels.
        Figure figure = WrongExamples.Of(model, dataset, new Normalization([10, 0], [1, 1]));

        Assert.Equal("right, 99 %\nis left", Assert.Single(figure.Panels).Title);
    }

    [Fact]
    public void Of_a_model_whose_card_has_a_normalization_normalizes_by_it()
    {
        Model<float> model = Identity();
        model.Card = model.Card with { Normalization = new Normalization([10, 0], [1, 1]) };
        var dataset = new ByteDataset([10, 5, 10, 5], [0, 1], Pictures(new(1, 2, 1)));

        Assert.Equal("right, 99 %\nis left", Assert.Single(WrongExamples.Of(model, dataset).Panels).Title);
    }

    [Fact]
    public void Of_numbers_stretches_each_image_from_black_to_white_and_planar_colors_are_found()
    {
        Model<float> model = new Sequential(new Dense(2)).Build<float>(new Shape(3, 1, 2), seed: 1);
        model.Parameters[0].Value.AsSpan().Clear();
        var dataset = new DenseDataset<float>(
            Matrix<float>.FromArray(new float[,] { { -1, 1, 0, -1, 1, 0 } }), [1], null,
            Pictures(new(3, 1, 2)) with { Order = PixelOrder.Planar });

        var picture = (ImagePanel)Assert.Single(WrongExamples.Of(model, dataset).Panels);

        Assert.Equal([0, 127, 255, 255, 0, 127], picture.Pixels);
    }

    [Fact]
    public void Of_right_examples_says_so() => Assert.Equal(
        "No wrong example", WrongExamples.Of(Identity(), new ByteDataset([9, 1], [0], Pictures(new(1, 2, 1)))).Panels[0].Title);

    [Fact]
    public void Of_examples_that_are_no_images_or_have_no_class_are_refused()
    {
        var vectors = new ByteDataset([1, 2], [0], new DatasetDescription(2) { Classes = 2 });
        var nameless = new ByteDataset([1, 2], null, new DatasetDescription(new Shape(1, 2, 1)));

        Assert.Throws<ArgumentException>(() => WrongExamples.Of(Identity(), vectors));
        Assert.Throws<ArgumentException>(() => WrongExamples.Of(Identity(), nameless));
        Assert.Throws<ArgumentOutOfRangeException>(() => WrongExamples.Of(Identity(), vectors, count: 0));
    }

    private static Model<float> Identity()
    {
        Model<float> model = new Sequential(new Dense(2)).Build<float>(new Shape(1, 2, 1), seed: 1);
        Parameter<float> weights = model.Parameters[0];
        weights.Value.AsSpan().Clear();
        weights.Value[0, 0] = weights.Value[1, 1] = 1;
        return model;
    }

    private static DatasetDescription Pictures(Shape shape) => new(shape) { Classes = 2, ClassNames = ["left", "right"] };
}
