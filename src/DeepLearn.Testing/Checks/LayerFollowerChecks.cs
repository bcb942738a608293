using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Testing.Checks;

/// <summary>Layers that report their output while they write it, and layers that follow their input while it is written.</summary>
internal static class LayerFollowerChecks
{
    public static void CheckReports(LayerSubject subject)
    {
        // A runtime of its own for each, since a pass in training may change moving averages.
        Matrix<float> input = subject.Examples<float>(subject.Options.LargeBatch);
        LayerRuntime<float> one = subject.BuildRuntime<float>(), other = subject.BuildRuntime<float>();
        Matrix<float> expected = Numbers.Filled(input.Rows, one.OutputShape.Count, float.NaN);
        Matrix<float> found = Numbers.Filled(input.Rows, one.OutputShape.Count, float.NaN);
        one.Forward(input, expected, Workspace(subject, one, input.Rows));
        var follower = new Counting(found.Rows);
        ((IReportsOutput<float>)other).ForwardReporting(input, found, follower, Workspace(subject, other, input.Rows));
        Expect.SameBits<float>(expected.AsSpan(), found.AsSpan(), "the outputs of a pass that reports them");
        if (Array.TrueForAll(follower.Counts, count => count == 0))
            return;
        for (int example = 0; example < found.Rows; example++)
        {
            Expect.Equal(found.Columns, follower.Counts[example], $"the numbers of example {example} that were reported");
            Expect.SameBits(expected.Row(example), follower.Seen[example], $"example {example} when all of it had been reported");
        }
    }

    public static void CheckFollowing(LayerSubject subject)
    {
        Matrix<float> input = subject.Examples<float>(subject.Options.LargeBatch);
        LayerRuntime<float> one = subject.BuildRuntime<float>();
        float[] expected = Run(one, 0, follows: false);
        foreach (int reported in (int[])[input.Rows, input.Rows - 1, 0])
        {
            LayerRuntime<float> other = subject.BuildRuntime<float>();
            string how = $"after {reported} of {input.Rows} examples were reported";
            Expect.SameBits(expected, Run(other, reported, follows: true), $"the outputs {how}");
            for (int i = 0; i < one.Buffers.Count; i++)
                Expect.SameBits<float>(one.Buffers[i].Value.AsSpan(), other.Buffers[i].Value.AsSpan(), $"{one.Buffers[i].Name} {how}");
        }

        float[] Run(LayerRuntime<float> runtime, int reported, bool follows)
        {
            LayerWorkspace<float> workspace = Workspace(subject, runtime, input.Rows);
            if (follows)
            {
                IOutputFollower<float> follower = ((IFollowsInput<float>)runtime).Follow(input.Rows, workspace);
                for (int example = reported - 1; example >= 0; example--)
                {
                    if (input.Columns > 1)
                        follower.Wrote(input, example, input.Columns - 1);
                    follower.Wrote(input, example, 1);
                }
            }
            Matrix<float> output = Numbers.Filled(input.Rows, runtime.OutputShape.Count, float.NaN);
            runtime.Forward(input, output, workspace);
            return output.AsSpan().ToArray();
        }
    }

    private static LayerWorkspace<float> Workspace(LayerSubject subject, LayerRuntime<float> runtime, int capacity)
    {
        LayerWorkspace<float> workspace = runtime.CreateWorkspace(capacity, RunMode.Training, WorkerPool.Single);
        workspace.SetNoise(subject.Noise);
        return workspace;
    }

    private sealed class Counting(int batch) : IOutputFollower<float>
    {
        public int[] Counts { get; } = new int[batch];

        public float[][] Seen { get; } = [.. Enumerable.Repeat<float[]>([], batch)];

        public void Wrote(ReadOnlyMatrixView<float> output, int example, int count)
        {
            Counts[example] += count;
            if (Counts[example] == output.Columns)
                Seen[example] = output.Row(example).ToArray();
        }
    }
}
