using System.Text.Json;
using System.Text.Json.Serialization;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using Xunit;

namespace DeepLearn.Tests.Models.Predictors;

/// <summary>A prediction is what a web service answers with, and what a log holds: every property has a value, whatever the task.</summary>
public partial class PredictionJsonTests
{
    public static TheoryData<PredictionTask, string> Tasks => new()
    {
        {
            PredictionTask.Multiclass(2),
            """
            {"task":{"kind":"Multiclass","outputs":2,"classes":2},"names":["a","b"],"probabilities":[0.5,0.5],"values":[],"label":0,
            "className":"a","probability":0.5,"value":null}
            """
        },
        {
            PredictionTask.Binary,
            """
            {"task":{"kind":"Binary","outputs":1,"classes":2},"names":["a","b"],"probabilities":[0.5,0.5],"values":[],"label":0,
            "className":"a","probability":0.5,"value":null}
            """
        },
        {
            PredictionTask.Multilabel(2),
            """
            {"task":{"kind":"Multilabel","outputs":2,"classes":0},"names":["a","b"],"probabilities":[0.5,0.5],"values":[],"label":-1,
            "className":null,"probability":null,"value":null}
            """
        },
        {
            PredictionTask.Regression(1),
            """
            {"task":{"kind":"Regression","outputs":1,"classes":0},"names":["a"],"probabilities":[],"values":[0],"label":-1,
            "className":null,"probability":null,"value":0}
            """
        },
        {
            PredictionTask.Regression(2),
            """
            {"task":{"kind":"Regression","outputs":2,"classes":0},"names":["a","b"],"probabilities":[],"values":[0,0],"label":-1,
            "className":null,"probability":null,"value":null}
            """
        },
    };

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Prediction_of_every_task_is_JSON_as_it_stands(PredictionTask task, string expected)
    {
        Prediction prediction = PredictZeros(task);
        expected = expected.ReplaceLineEndings("");
        Assert.Equal(expected, JsonSerializer.Serialize(prediction, JsonSerializerOptions.Web));
        Assert.Equal(expected, JsonSerializer.Serialize(prediction, Context.Default.Prediction));
        foreach (System.Reflection.PropertyInfo property in typeof(Prediction).GetProperties())
            _ = property.GetValue(prediction);
    }

    [Fact]
    public void Top_is_JSON_as_it_stands()
    {
        ValueList<ClassProbability> top = PredictZeros(PredictionTask.Multiclass(2)).Top(1);
        Assert.Equal(
            """[{"label":0,"name":"a","probability":0.5}]""", JsonSerializer.Serialize(top, Context.Default.ValueListClassProbability));
    }

    private static Prediction PredictZeros(PredictionTask task)
    {
        Model<float> model = new Dense(task.Outputs).Build<float>(3, 1);
        ValueList<string> names = [.. new[] { "a", "b" }.Take(task.Classes > 0 ? task.Classes : task.Outputs)];
        model.Card = task.Classes > 0 ? new() { Task = task, ClassNames = names } : new() { Task = task, TargetNames = names };
        return new Predictor<float>(model).Predict(0, 0, 0);
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Prediction))]
    [JsonSerializable(typeof(ValueList<ClassProbability>))]
    private sealed partial class Context : JsonSerializerContext;
}
