namespace DeepLearn.KernelGenerator;

/// <summary>
/// Writes the kernel of a matrix times a few vectors, for one to four groups of rows. As in <see cref="TileGenerator"/>, the chains must be
/// separate local variables.
/// </summary>
public static class RowLanesGenerator
{
    /// <summary>How many k are read at once.</summary>
    private const int Chunk = 4;

    /// <summary>The most vectors that go with each number of groups: a group more has to leave registers to the others.</summary>
    private static readonly int[] VectorsOfGroup = [8, 8, 2, 2];

    /// <summary>Where eight k are read at once: sixteen rows, of which eight k fill registers enough.</summary>
    private const string ReadsEight = "sizeof(TLanes) == 64 && sizeof(T) == sizeof(float) && sizeof(TVectors) <= 1 + 4";

    /// <summary>The text of the file.</summary>
    public static string Write()
    {
        var code = new CodeWriter();
        code.Line(Head);
        code.Block("internal static unsafe class RowLanes<T, TLanes, TRows, TGroups, TVectors>\n" + Constraints, () =>
        {
            code.Line(Preface);
            code.Block("public static void Run(RowLanesRun<T>* run)", () =>
            {
                code.Line(Locals);
                code.Block("for (nint block = run->Blocks; block > 0; block--)", () => WriteBlock(code));
            });
        });
        return code.ToString();
    }

    private static void WriteBlock(CodeWriter code)
    {
        for (int group = 0; group < VectorsOfGroup.Length; group++)
        {
            IEnumerable<string> chains = Enumerable.Range(0, VectorsOfGroup[group]).Select(vector => $"c{group}{vector} = default");
            code.Line("TLanes " + string.Join(", ", chains) + ";");
        }
        code.Line("// The last group of the last block steps back, so that it is full.");
        code.Block("if (block == 1)", () =>
        {
            code.Line("backFrom = run->BackFrom;\nbackTo = run->BackTo;");
            for (int group = 0; group < VectorsOfGroup.Length; group++)
                code.If($"sizeof(TGroups) == 1 + {group + 1}", $"m{group} -= run->BackMatrix;");
        });
        code.Block("if (from != null)", () => WriteStart(code));
        code.Block($"if ({ReadsEight})", () => WriteByEight(code));
        code.Block("else", () =>
        {
            code.Line("// There are 32 registers for two groups at once. More than four vectors take single groups if they");
            code.Line("// are read group by group.");
            code.Line("if (Avx512F.VL.IsSupported && sizeof(TGroups) == 1 + 2 && sizeof(TVectors) > 1 + 2");
            code.Block("    && (sizeof(TVectors) > 1 + 4 || !run->GroupByGroup))", () => WritePairs(code));
            code.Block("else", () => WriteByLines(code, "full", Chunk));
            WriteRest(code);
        });
        code.Block("if (relu)", () => EachChain(code, (group, vector) => $"TLanes.Relu(ref c{group}{vector});"));
        EachGroup(code, group =>
        {
            code.Line($"T* at = {AddressOf("to", "To", group)};");
            EachVector(code, group, vector => $"c{group}{vector}.Store(ref {(vector == 0 ? "*at" : $"at[{vector} * run->VectorTo]")});");
        });
        for (int group = 0; group < VectorsOfGroup.Length; group++)
            code.Line($"m{group} += blockStep;");
        code.Line("to += run->BlockTo;");
        code.If("from != null", "from += run->BlockFrom;");
    }

    /// <summary>The last k, fewer than a chunk, are read together with some of those before them.</summary>
    private static void WriteRest(CodeWriter code)
    {
        code.Block("if (rest > 2)", () =>
        {
            EachGroup(code, group =>
            {
                code.Line($"TRows.Read(m{group} + lastChunk, stride, out _, out TLanes x1, out TLanes x2, out TLanes x3);");
                code.Line("T* p = v + ((lastChunk + 1) * step);");
                for (int k = 1; k < Chunk; k++)
                    WriteLink(code, group, k, advance: k < Chunk - 1);
            });
        });
        code.Block("else if (rest > 0)", () =>
        {
            EachGroup(code, group =>
            {
                code.Line($"TRows.ReadLastTwo(m{group} + lastChunk, stride, out TLanes x2, out TLanes x3);");
                code.Line("T* p = v + ((lastChunk + 2) * step);");
                code.Block("if (rest > 1)", () => WriteLink(code, group, 2, advance: false));
                code.Line("p += step;");
                WriteLink(code, group, 3, advance: false);
            });
        });
    }

    /// <summary>Each group in turn, a cache line of its rows at a time.</summary>
    private static void WriteByLines(CodeWriter code, string depth, int chunk)
    {
        code.Block($"for (int first = 0; first < {depth}; first += line)", () =>
        {
            code.Line($"int end = Math.Min(first + line, {depth});");
            EachGroup(code, group => code.Block($"for (int k = first; k < end; k += {chunk})", () =>
            {
                WriteRead(code, group, "x", chunk, "k");
                code.Line("T* p = v + (k * step);");
                for (int k = 0; k < chunk; k++)
                    WriteLink(code, group, k, advance: k < chunk - 1);
            }));
        });
    }

    /// <summary>
    /// Eight k at a time, then up to four, which are read together with some of those before them. That is less code than chunks of four
    /// and a rest: the JIT inlines no more than so many methods.
    /// </summary>
    private static void WriteByEight(CodeWriter code)
    {
        code.Line("int eights = run->Depth & -8;");
        WriteByLines(code, "eights", 2 * Chunk);
        code.Block($"for (int k = eights; k < run->Depth; k += {Chunk})", () =>
        {
            code.Line("int at = Math.Min(k, lastChunk), skip = k - at;");
            EachGroup(code, group =>
            {
                WriteRead(code, group, "x", Chunk, "at");
                code.Line("T* p = v + (k * step);");
                for (int k = 0; k < Chunk - 1; k++)
                {
                    int one = k;
                    code.Block($"if (skip < {k + 1})", () => WriteLink(code, group, one, advance: true));
                }
                WriteLink(code, group, Chunk - 1, advance: false);
            });
        });
    }

    /// <summary>Two groups at once: an element of a vector is read once for both.</summary>
    private static void WritePairs(CodeWriter code) => code.Block($"for (int k = 0; k < full; k += {Chunk})", () =>
    {
        WriteRead(code, 0, "x", Chunk, "k");
        WriteRead(code, 1, "y", Chunk, "k");
        code.Line("T* p = v + (k * step);\nTLanes e = default;");
        for (int k = 0; k < Chunk; k++)
        {
            int one = k;
            EachVector(code, 0, vector =>
                $"TLanes.Repeat(ref e, {ElementOf(vector)});\nTLanes.MultiplyAdd(ref c0{vector}, e, x{one});\n"
                + $"TLanes.MultiplyAdd(ref c1{vector}, e, y{one});");
            if (k < Chunk - 1)
                code.Line("p += step;");
        }
    });

    private static void WriteRead(CodeWriter code, int group, string name, int chunk, string at)
    {
        IEnumerable<string> lanes = Enumerable.Range(0, chunk).Select(k => $"out TLanes {name}{k}");
        code.Line(chunk == Chunk ? "TRows.Read(" : "TRows.ReadEight(");
        code.Line($"    m{group} + {at}, stride, {string.Join(",\n    ", lanes.Chunk(Chunk).Select(some => string.Join(", ", some)))});");
    }

    private static string ElementOf(int vector) => vector switch
    {
        0 => "p",
        1 => "p + next",
        _ => $"p + ({vector} * next)",
    };

    private static void WriteStart(CodeWriter code)
    {
        EachGroup(code, group =>
        {
            code.Line($"T* at = {AddressOf("from", "From", group)};");
            EachVector(code, group, vector =>
                $"TLanes.Read(ref c{group}{vector}, at{(vector == 0 ? "" : $" + ({vector} * run->VectorFrom)")});");
        });
        code.Block("if (run->Scales)", () =>
        {
            code.Line("TLanes factor = default;\nTLanes.Repeat(ref factor, &run->Beta);");
            EachChain(code, (group, vector) => $"TLanes.Scale(ref c{group}{vector}, factor);");
        });
    }

    /// <summary>A link of each chain of a group: one k.</summary>
    private static void WriteLink(CodeWriter code, int group, int k, bool advance)
    {
        EachVector(code, group, vector => $"TLanes.MultiplyAdd(ref c{group}{vector}, {ElementOf(vector)}, x{k});");
        if (advance)
            code.Line("p += step;");
    }

    private static void EachChain(CodeWriter code, Func<int, int, string> statement) =>
        EachGroup(code, group => EachVector(code, group, vector => statement(group, vector)));

    private static void EachGroup(CodeWriter code, Action<int> body)
    {
        for (int group = 0; group < VectorsOfGroup.Length; group++)
        {
            int one = group;
            code.Block($"if (sizeof(TGroups) > 1 + {group})", () => body(one));
        }
    }

    private static void EachVector(CodeWriter code, int group, Func<int, string> statement)
    {
        code.Line(statement(0));
        for (int vector = 1; vector < VectorsOfGroup[group]; vector++)
        {
            string text = statement(vector), condition = $"if (sizeof(TVectors) > 1 + {vector})";
            if (text.Contains('\n'))
                code.Block(condition, () => code.Line(text));
            else
                code.If(condition[4..^1], text);
        }
    }

    /// <summary>Where a group is; the last one may step back.</summary>
    private static string AddressOf(string pointer, string side, int group) =>
        $"{pointer}{(group == 0 ? "" : $" + ({group} * run->Group{side})")} - (sizeof(TGroups) == 1 + {group + 1} ? back{side} : 0)";

    private const string Head =
        """
        // Generated by tools/DeepLearn.KernelGenerator (RowLanesGenerator.cs). Change it there, then:
        // dotnet run --project tools/DeepLearn.KernelGenerator

        using System.Numerics;
        using System.Runtime.CompilerServices;
        using System.Runtime.Intrinsics.X86;
        using DeepLearn.Kernels.Gemm.MicroKernel;
        using DeepLearn.Kernels.Simd;

        namespace DeepLearn.Kernels.Gemm.Paths;

        /// <summary>
        /// The kernel of <see cref="MatrixVectors"/>. It multiplies one to four groups of rows by one to eight vectors; a group has as many
        /// rows as there are lanes. The chains of all rows and vectors stay in registers while k runs.
        /// </summary>
        /// <remarks>
        /// Four groups go with up to two vectors, since a chain alone would wait for its own latency, and two groups with up to four, or up
        /// to eight where there are 32 registers; both then share what is read of the vectors. As in
        /// <see cref="Tile{T, TLanes, TEdge, TMask, TShared, TRows, TVectors}"/>, accumulators are separate local variables: <c>c21</c> is
        /// group 2, vector 1.
        /// </remarks>
        /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
        /// <typeparam name="TLanes">The lanes.</typeparam>
        /// <typeparam name="TRows">How rows are read into lanes.</typeparam>
        /// <typeparam name="TGroups">The number of groups, as the size of a type less one byte.</typeparam>
        /// <typeparam name="TVectors">The number of vectors, likewise.</typeparam>
        """;

    private const string Constraints =
        """
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            where TLanes : unmanaged, ITileLanes<TLanes, T>
            where TRows : struct, IRowGroup<T, TLanes>
            where TGroups : unmanaged
            where TVectors : unmanaged
        """;

    private const string Preface =
        """
        /// <summary>Computes the chains of all groups and vectors, block by block.</summary>
        /// <param name="run">What to compute.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        """;

    private const string Locals =
        """
        nint stride = run->Stride, step = run->DepthStep, next = run->VectorStep;
        nint groupStep = TLanes.Count * stride, blockStep = (sizeof(TGroups) - 1) * groupStep, backFrom = 0, backTo = 0;
        T* m0 = run->Matrix, m1 = m0 + groupStep, m2 = m1 + groupStep, m3 = m2 + groupStep, v = run->Vectors;
        T* from = run->From, to = run->To;
        bool relu = run->Relu;
        int full = run->Depth & -4, rest = run->Depth - full, lastChunk = run->Depth - 4;

        // Each group reads a cache line of its rows before the next group. If rows are a power of two apart, the line would be evicted
        // before a later use.
        int line = sizeof(TGroups) > 1 + 1 ? 64 / sizeof(T) : full;
        """;
}
