using System.CommandLine;
using System.Numerics.Tensors;
using DeepLearn.Benchmarks.Elementwise;
using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The command <c>ratios elementwise</c>.</summary>
/// <param name="commandLine">The command line, for reports.</param>
internal sealed class KernelCommand(string commandLine)
{
    private readonly RatioOptions _options = new("exp, \"log 1000\", transpose, memory") { OneThread = true };

    /// <summary>The command with its options.</summary>
    public Command Command
    {
        get
        {
            var command = new Command(
                "elementwise", "Elementwise kernels and reductions beside TensorPrimitives, or beside memory speed; one thread.");
            _options.AddTo(command);
            command.SetAction(Run);
            return command;
        }
    }

    private int Run(ParseResult result)
    {
        var ratios = new KernelRatios(_options.Settings(result));
        if (!ratios.HasAny)
        {
            Console.Error.WriteLine("No kernel matches the filter.");
            return 1;
        }
        var page = new ReportPage(Console.Out);
        string version = Machine.VersionOf(typeof(TensorPrimitives));
        page.Head(
            "Elementwise kernels and reductions",
            commandLine,
            [
                ("peers", $"the named methods of TensorPrimitives (System.Numerics.Tensors {version})"),
                (KernelRatio.Memory, "copies, reads and updates in place of as many bytes as the kernel reads and writes"),
            ]);
        var tables = new KernelTables();
        List<KernelRatio> rows = [];
        foreach (KernelRatio row in ratios.Run())
        {
            rows.Add(row);
            page.Line(tables.Next(row));
        }
        var summary = new KernelSummary(rows, KernelCases.InMemory);
        page.Summary("Summary of the kernels", summary.Figures());
        foreach (string sentence in summary.WhatIsBelowOne())
        {
            page.Line(sentence);
            page.Line();
        }
        page.Duration();
        _options.Save(result, page, rows);
        return 0;
    }
}
