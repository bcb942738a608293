using System.Runtime.CompilerServices;
using System.Text;
using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Onnx.Import;
using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>
/// The tables of operators in <c>docs/guides/onnx.md</c> are what the code writes and reads. With <c>DEEPLEARN_WRITE_DOCS=1</c> the page is
/// written anew.
/// </summary>
public class OperatorTableTests
{
    private static readonly Shape Image = new(6, 5, 3);

    private static string Path { get; } =
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(ThisFile())!, "../../docs/guides/onnx.md"));

    [Fact]
    public void Table_of_written_operators_is_that_of_the_exporter() => Check("written operators", Written());

    [Fact]
    public void Table_of_read_operators_is_that_of_the_importer() => Check("read operators", Read());

    /// <summary>Each operator of the table is looked into: it is refused, if at all, for more than its name.</summary>
    [Fact]
    public void Operator_of_the_table_is_not_refused_for_its_name()
    {
        foreach (OperatorRule rule in GraphImport.Rules)
        {
            var graph = new TestGraph(0, 4);
            int dot = rule.Name.LastIndexOf('.');
            graph.Node(rule.Name[(dot + 1)..], ["x"]);
            graph.Graph.Nodes[^1].Domain = dot < 0 ? "" : rule.Name[..dot];
            try
            {
                graph.Load();
            }
            catch (OnnxUnsupportedException exception)
            {
                Assert.DoesNotContain("the operator has no counterpart", exception.Message);
                Assert.DoesNotContain("operators of ONNX's own", exception.Message);
            }
        }
    }

    private static void Check(string name, string table)
    {
        string begin = $"<!-- {name}: written by OperatorTableTests -->\n", end = $"<!-- end of {name} -->";
        string page = File.ReadAllText(Path).ReplaceLineEndings("\n");
        int first = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length, last = page.IndexOf(end, StringComparison.Ordinal);
        Assert.True(first >= begin.Length && last >= first, $"{Path} has no table of {name}.");
        if (Environment.GetEnvironmentVariable("DEEPLEARN_WRITE_DOCS") == "1")
            File.WriteAllText(Path, page[..first] + table + page[last..]);
        else
            Assert.Equal(table, page[first..last]);
    }

    private static string Written()
    {
        var rows = new SortedDictionary<string, (SortedSet<string> Least, SortedSet<string> Latest)>(StringComparer.Ordinal);
        foreach (Layer layer in ExportTests.Layers.Values)
        {
            string kind = layer.GetType().Name;
            if (!rows.ContainsKey(kind))
                rows[kind] = (new(StringComparer.Ordinal), new(StringComparer.Ordinal));
            rows[kind].Least.UnionWith(OperatorsOf(layer, OnnxExportOptions.LeastOperatorSet));
            rows[kind].Latest.UnionWith(OperatorsOf(layer, OnnxExportOptions.LatestOperatorSet));
        }
        var table = new StringBuilder(
            $"\n| layer | operators, from set {OnnxExportOptions.LeastOperatorSet} on | others of set "
            + $"{OnnxExportOptions.LatestOperatorSet} |\n| --- | --- | --- |\n");
        foreach ((string kind, (SortedSet<string> least, SortedSet<string> latest)) in rows)
            table.Append($"| `{kind}` | {Join(least)} | {(least.SetEquals(latest) ? "" : Join(latest))} |\n");
        return table.Append('\n').ToString();
    }

    private static string Read()
    {
        var table = new StringBuilder("\n| operator | becomes |\n| --- | --- |\n");
        foreach (OperatorRule rule in GraphImport.Rules)
            table.Append($"| `{rule.Name}` | {rule.Becomes} |\n");
        return table.Append('\n').ToString();
    }

    /// <summary>What a layer alone writes, those of layers within it left out.</summary>
    private static IEnumerable<string> OperatorsOf(Layer layer, int operatorSet)
    {
        Layer plain = layer switch
        {
            Residual => new Residual(new Relu()),
            Ensemble ensemble => new Ensemble(ensemble.Combination, new Relu(), new Relu()),
            TestTimeAugmentation augmentation => new TestTimeAugmentation(new Relu(), [.. augmentation.Views]),
            _ => layer,
        };
        Shape shape = plain is Residual or Ensemble || (ExportTests.TakesVectors(plain) && plain is not Flatten) ? 12 : Image;
        byte[] file = ExportTests.File(plain.Build<float>(shape, 1), new() { OperatorSet = operatorSet, Order = PixelOrder.Planar });
        IEnumerable<string> operators =
            ModelMessage.Read(new MemoryStream(file)).Graph!.Nodes.Select(node => node.Operator).Where(name => name != "Transpose");
        return plain == layer ? operators : operators.Where(name => name != "Relu");
    }

    private static string Join(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
