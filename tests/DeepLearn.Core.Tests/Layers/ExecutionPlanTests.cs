using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Layers;

public class ExecutionPlanTests
{
    private static readonly Sequential Network =
        new(new Flatten(), new Dense(50), new Relu(), new Dense(30), new Gelu(), new Dropout(0.5), new Dense(10));

    [Fact]
    public void ExecutionPlan_for_training_is_as_worked_out_by_hand() => Assert.Equal(
        """
        Training: activations 30 + 30 + 50, gradients 50 + 30
        layer     output                                                  gradient of input
        flatten1  passed through
        dense1    activation buffer 2                                     the backward pass ends here; if wanted: the caller's
        relu1     activation buffer 2, over its input, fused into dense1  over that of its output
        dense2    activation buffer 1                                     gradient buffer 0
        gelu1     activation buffer 0                                     gradient buffer 1
        dropout1  activation buffer 0, over its input                     over that of its output
        dense3    the caller's output                                     gradient buffer 0
        """,
        PlanOf(Network, RunMode.Training).ToString());

    [Fact]
    public void ExecutionPlan_in_the_README_is_what_is_printed()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Library, "Layers", "README.md"));
        string plan = PlanOf(new(new Flatten(), new Dense(50), new Relu(), new Dense(30), new Gelu()), RunMode.Training).ToString();
        Assert.Contains(plan, readme.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void ExecutionPlan_for_inference_lets_two_buffers_take_turns()
    {
        ExecutionPlan plan = PlanOf(new(new Dense(50), new Dense(40), new Dense(30), new Dense(20), new Dense(10)), RunMode.Inference);
        Assert.Equal([40, 50], plan.ActivationBuffers.Order());
        Assert.Empty(plan.GradientBuffers);
        Assert.Equal(PlannedLayer.CallersOutput, plan.Layers[^1].OutputBuffer);
        for (int i = 1; i < 4; i++)
            Assert.NotEqual(plan.Layers[i - 1].OutputBuffer, plan.Layers[i].OutputBuffer);
    }

    [Fact]
    public void ExecutionPlan_overwrites_nothing_that_a_backward_pass_reads()
    {
        // Tanh reads its output, so that the dropout behind it may not write over it; gelu reads its input, which dense then has to keep.
        ExecutionPlan training = PlanOf(new(new Dense(5), new Tanh(), new Dropout(0.5), new Gelu()), RunMode.Training);
        Assert.Equal([false, true, false, false], training.Layers.Select(layer => layer.WritesInPlace));
        ExecutionPlan inference = PlanOf(new(new Dense(5), new Tanh(), new Dropout(0.5), new Gelu()), RunMode.Inference);
        Assert.Equal([false, true, true, true], inference.Layers.Select(layer => layer.WritesInPlace));
    }

    [Fact]
    public void ExecutionPlan_way_back_ends_at_the_first_parameters()
    {
        Assert.Equal(2, PlanOf(new(new Tanh(), new Dropout(), new Dense(5), new Relu()), RunMode.Training).FirstWithParameters);
        Assert.Equal(-1, PlanOf(new(new Tanh(), new Relu()), RunMode.Training).FirstWithParameters);
        Assert.Equal(0, PlanOf(new(new Flatten(), new Flatten()), RunMode.Training).Layers.Count(layer => !layer.IsPassedThrough) - 1);
    }

    [Fact]
    public void ExecutionPlan_fuses_one_ReLU_and_only_into_a_layer_that_can()
    {
        Assert.Equal([false, true, false], Fused(new Dense(5), new Relu(), new Relu()));
        Assert.Equal([false, false], Fused(new LayerNorm(), new Relu()));
        Assert.Equal([false, true], Fused(new BatchNorm(), new Relu()));
        Assert.Equal([false, false], Fused(new Dense(5), new LeakyRelu()));

        static bool[] Fused(params Layer[] layers) =>
            [.. PlanOf(new(layers), RunMode.Training).Layers.Select(layer => layer.IsFused)];
    }

    [Fact]
    public void ExecutionPlan_fuses_a_ReLU_backward_into_a_layer_that_can_in_training()
    {
        ExecutionPlan plan = PlanOf(new(new Dense(5), new BatchNorm(), new Relu(), new Dense(4), new Relu()), RunMode.Training);
        Assert.Equal([false, false, true, false, false], plan.Layers.Select(layer => layer.IsFusedBackward));
        string norm = plan.Layers[1].Name;
        Assert.Matches($"relu1 .*over its input, fused into {norm} +fused into {norm}\n", plan.ToString());
        plan = PlanOf(new(new BatchNorm(), new Relu()), RunMode.Inference);
        Assert.Equal([false, false], plan.Layers.Select(layer => layer.IsFusedBackward));
    }

    [Fact]
    public void ExecutionPlan_takes_statistics_as_the_end_of_a_convolution_in_training()
    {
        var network = new Sequential(new Convolution2D(4, 3), new BatchNorm(), new Relu(), new Dense(4), new BatchNorm());
        ExecutionPlan plan = network.Build<float>(new Shape(5, 5, 2), seed: 1).PlanFor(RunMode.Training)!;
        Assert.Equal([false, true, false, false, false], plan.Layers.Select(layer => layer.FollowsInput));
        Assert.Contains($", statistics fused into {plan.Layers[0].Name} ", plan.ToString());
        plan = network.Build<float>(new Shape(5, 5, 2), seed: 1).PlanFor(RunMode.Inference)!;
        Assert.DoesNotContain(plan.Layers, layer => layer.FollowsInput);
    }

    [Fact]
    public void ExecutionPlan_lets_no_layer_follow_one_that_does_not_run()
    {
        LayerTraits input = new() { BackwardNeeds = BackwardNeeds.Input };
        LayerTraits over = new() { WorksInPlace = true, BackwardNeeds = BackwardNeeds.Output, IsRelu = true };
        LayerDeclaration first = new("first", input, FusesRelu: true, HasParameters: true, Outputs: 7) { ReportsOutput = true };
        LayerDeclaration relu = new("relu", over, false, false, 7) { ReportsOutput = true, FollowsInput = true };
        LayerDeclaration last = new("last", LayerTraits.Default, false, false, 7) { FollowsInput = true };
        Assert.Equal([false, false, false], Followers(first, relu, last));
        Assert.Equal([false, true, true], Followers(first with { FusesRelu = false }, relu, last));
        Assert.Equal([false, true], Followers(first, last));
        Assert.Equal([false, false], Followers(first with { ReportsOutput = false }, last));
        Assert.Equal([false, false], Followers(first, last with { FollowsInput = false }));

        static bool[] Followers(params LayerDeclaration[] layers) =>
            [.. ExecutionPlan.Of(layers, RunMode.Training).Layers.Select(layer => layer.FollowsInput)];
    }

    [Fact]
    public void ExecutionPlan_is_a_value_made_of_declarations()
    {
        LayerDeclaration[] declared =
        [
            new("first", new() { BackwardNeeds = BackwardNeeds.Input }, FusesRelu: true, HasParameters: true, Outputs: 7),
            new("second", new() { WorksInPlace = true, BackwardNeeds = BackwardNeeds.Output, IsRelu = true }, false, false, 7),
        ];
        ExecutionPlan plan = ExecutionPlan.Of(declared, RunMode.Training);
        Assert.Equal(plan, ExecutionPlan.Of(declared, RunMode.Training));
        Assert.NotEqual(plan, ExecutionPlan.Of(declared[..1], RunMode.Training));
        Assert.True(plan.Layers[1].IsFused);

        // What is fused itself does not run, and so cannot do another's.
        LayerDeclaration both = declared[1] with
        { FusesRelu = true, Traits = declared[1].Traits with { BackwardNeeds = BackwardNeeds.None } };
        plan = ExecutionPlan.Of([declared[0], both, both, both], RunMode.Training);
        Assert.Equal([false, true, false, true], plan.Layers.Select(layer => layer.IsFused));
        Assert.Throws<ArgumentException>(() => ExecutionPlan.Of([], RunMode.Training));
    }

    [Fact]
    public void Model_of_a_single_layer_has_no_plan() =>
        Assert.Null(new Dense(3).Build<float>(4, seed: 1).PlanFor(RunMode.Training));

    private static ExecutionPlan PlanOf(Sequential network, RunMode mode) =>
        network.Build<float>(new Shape(4, 5), seed: 1).PlanFor(mode)!;
}
