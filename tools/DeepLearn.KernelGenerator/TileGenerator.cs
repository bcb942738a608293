namespace DeepLearn.KernelGenerator;

/// <summary>
/// Writes the micro-kernel of the matrix product. What it does once it does for every accumulator, and accumulators have to be locals with
/// names, since that alone makes the JIT keep them in registers: eight rows by three vectors and an edge, in five places.
/// </summary>
public static class TileGenerator
{
    /// <summary>The rows of the highest tile.</summary>
    private const int Rows = 8;

    /// <summary>The full vectors of the widest tile.</summary>
    private const int Vectors = 3;

    /// <summary>The last vector, of which only some columns count, follows the full ones.</summary>
    private const string EdgeOffset = "((sizeof(TVectors) - 1) * sizeof(TVector))";

    /// <summary>The text of the file.</summary>
    public static string Write()
    {
        var code = new CodeWriter();
        code.Line(Head);
        code.Block("internal static unsafe class Tile<T, TVector, TLanes, TEdge, TEdgeLanes, TShared, TRows, TVectors, THasEdge>\n" + Constraints, () =>
        {
            code.Line(Preface);
            code.Block("public static void Run(TileRun<T>* run)", () =>
            {
                code.Line(Locals);
                code.Block("for (nint block = run->Blocks; block > 0; block--)", () => WriteTile(code));
            });
        });
        return code.ToString();
    }

    private static void WriteTile(CodeWriter code)
    {
        for (int vector = 0; vector < Vectors; vector++)
            code.Line("TVector " + string.Join(", ", Enumerable.Range(0, Rows).Select(row => $"c{row}{vector} = default")) + ";");
        code.Line("TEdge " + string.Join(", ", Enumerable.Range(0, Rows).Select(row => $"e{row} = default")) + ";");
        code.Line("TVector shared = default;");
        code.Block("if (run->Start != ChainStart.Zero)", () => WriteStart(code));
        code.Line();
        code.Line(Prefetch);
        code.Line();
        code.Line("byte* a = firstA;\nbyte* b = run->B;");
        code.Block("for (nint depth = run->Depth; depth > 0; depth--)", () => WriteStep(code));
        code.Line();
        code.Block("if (run->Relu)", () => WriteRelu(code));
        WriteEnd(code);
        code.Line("firstA += run->BlockStepA;");
    }

    private static void WriteStart(CodeWriter code)
    {
        code.Line(StartOfChains);
        EachRow(code, row =>
        {
            EachVector(code, vector => $"c{row}{vector} = TLanes.Load((T*){Address("from", vector)});");
            IfEdge(code, $"e{row} = TEdgeLanes.LoadPart((T*)(from + {EdgeOffset}), mask, edge);");
            code.Line("from += step;");
        });
        code.Block("if (run->Start == ChainStart.ScaledResult)", () =>
        {
            code.Line("TVector factor = TLanes.Broadcast(&run->Beta);");
            EachRow(code, row =>
            {
                EachVector(code, vector => $"c{row}{vector} = TLanes.Multiply(factor, c{row}{vector});");
                IfEdge(code, $"e{row} = TEdgeLanes.Multiply(TEdgeLanes.LowerOf(factor), e{row});");
            });
            code.If("sizeof(TShared) > 1", "shared = TLanes.Multiply(factor, shared);");
        });
    }

    private static void WriteStep(CodeWriter code)
    {
        code.Line("TVector b0 = default, b1 = default, b2 = default;\nTEdge be = default;");
        EachVector(code, vector => $"b{vector} = TLanes.Load((T*){Address("b", vector)});");
        IfEdge(code, $"be = TEdgeLanes.LoadPart((T*)(b + {EdgeOffset}), mask, edge);");
        EachRow(code, row =>
        {
            string a = ElementOfA(row);
            code.Block("if (sizeof(TVectors) + sizeof(THasEdge) == 2 + 1)", () =>
            {
                code.If("sizeof(TVectors) > 1 + 0", $"c{row}0 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*){a}), b0, c{row}0);");
                IfEdge(code, $"e{row} = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*){a}), be, e{row});");
            });
            code.Block("else", () =>
            {
                code.Line($"TVector x = TLanes.Broadcast((T*){a});");
                code.Line($"c{row}0 = TLanes.FusedMultiplyAdd(x, b0, c{row}0);");
                for (int vector = 1; vector < Vectors; vector++)
                    code.If($"sizeof(TVectors) > 1 + {vector}", $"c{row}{vector} = TLanes.FusedMultiplyAdd(x, b{vector}, c{row}{vector});");
                IfEdge(code, $"e{row} = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e{row});");
            });
        }, between: row => row == 3 ? "byte* a4 = a + (4 * rowA);" : null);
        code.Block("if (sizeof(TShared) > 1)", () => code.Line(SharedStep));
        code.Line("a += depthA;\nb += depthB;");
    }

    private static void WriteRelu(CodeWriter code)
    {
        EachRow(code, row =>
        {
            EachVector(code, vector => $"c{row}{vector} = TLanes.Relu(c{row}{vector});");
            IfEdge(code, $"e{row} = TEdgeLanes.Relu(e{row});");
        });
        code.If("sizeof(TShared) > 1", "shared = TLanes.Relu(shared);");
    }

    private static void WriteEnd(CodeWriter code)
    {
        code.Block("if (sizeof(TShared) > 1)", () => code.Line(StoreShared));
        EachRow(code, row =>
        {
            EachVector(code, vector => $"TLanes.Store(c{row}{vector}, (T*){Address("c", vector)});");
            IfEdge(code, $"TEdgeLanes.StorePart(e{row}, (T*)(c + {EdgeOffset}), mask, edge);");
            code.Line("c += rowC;");
        });
    }

    private static void EachRow(CodeWriter code, Action<int> body, Func<int, string?>? between = null)
    {
        for (int row = 0; row < Rows; row++)
        {
            int one = row;
            code.Block($"if (sizeof(TRows) > 1 + {row})", () => body(one));
            if (between?.Invoke(row) is { } line)
                code.Line(line);
        }
    }

    private static void EachVector(CodeWriter code, Func<int, string> statement)
    {
        for (int vector = 0; vector < Vectors; vector++)
            code.If($"sizeof(TVectors) > 1 + {vector}", statement(vector));
    }

    private static void IfEdge(CodeWriter code, string statement) => code.If("sizeof(THasEdge) > 1", statement);

    private static string Address(string pointer, int vector) => vector switch
    {
        0 => pointer,
        1 => $"({pointer} + sizeof(TVector))",
        _ => $"({pointer} + ({vector} * sizeof(TVector)))",
    };

    /// <summary>Multiples of the step up to three times are in registers of their own; four rows on, they serve again.</summary>
    private static string ElementOfA(int row) => (row < 4 ? "a" : "a4", row % 4) switch
    {
        (string pointer, 0) => pointer,
        (string pointer, 1) => $"({pointer} + rowA)",
        (string pointer, int step) => $"({pointer} + rowA{step})",
    };

    private const string Head =
        """
        using System.Numerics;
        using System.Runtime.CompilerServices;
        using System.Runtime.Intrinsics.X86;

        namespace DeepLearn.Kernels.Gemm;

        /// <summary>
        /// The micro-kernel: a tile of the result that stays in registers while k runs, of <typeparamref name="TRows"/> rows by
        /// <typeparamref name="TVectors"/> vectors and, where <typeparamref name="THasEdge"/> is 1, a last vector of which only some columns
        /// count; or, where <typeparamref name="TShared"/> has columns, one last vector for all rows.
        /// </summary>
        /// <remarks>
        /// <para>
        /// Each k reads one row of vectors of B and multiplies it by one element of A for each row, so that every element of the tile grows by
        /// one fused multiply-add: <c>c = a b + c</c>. The accumulators are locals with names (<c>c21</c>: row 2, vector 1; <c>e2</c>: row 2,
        /// edge), since that alone makes the JIT keep them in registers. An element of A that is used once is broadcast within the
        /// multiplication, which the JIT folds into one instruction.
        /// </para>
        /// <para>
        /// Rows, vectors and edge are the sizes of types, each one byte more than the number, since no type has none: <c>sizeof(TRows) &gt;
        /// 1 + 2</c> asks whether there is a row 2. To the JIT a size is a constant as it reads the condition, and what a smaller tile lacks is not
        /// read at all. A constant that is a call has to be inlined first; written so, kernels took three times as long to compile.
        /// </para>
        /// </remarks>
        """;

    private const string Constraints =
        """
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            where TVector : unmanaged
            where TLanes : struct, ILanes<T, TVector>
            where TEdge : unmanaged
            where TEdgeLanes : struct, ILanes<T, TEdge>
            where TShared : unmanaged, ISharedEdge<T, TVector>
            where TRows : unmanaged
            where TVectors : unmanaged
            where THasEdge : unmanaged
        """;

    private const string Preface =
        """
        // Whatever can be is written out: every call to be inlined costs time to compile and counts against a budget of the JIT's, and a
        // kernel that exceeds it runs at a tenth of its speed.

        /// <summary>Computes a strip of the result.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        """;

    private const string Locals =
        """
        nint rowA = run->RowStepA, rowA2 = 2 * rowA, rowA3 = 3 * rowA, depthA = run->DepthStepA;
        nint depthB = run->DepthStepB, rowC = run->RowStepC;
        int edge = run->Edge;
        TEdge mask = sizeof(THasEdge) > 1 ? TEdgeLanes.Mask(edge) : default;
        byte* firstA = run->A;
        bool prefetch = run->Start == ChainStart.Result && run->Depth > 128;
        byte* c = run->C;
        """;

    private const string StartOfChains =
        """
        // A bias is the same row again and again.
        byte* from = run->Start == ChainStart.Bias ? (byte*)run->Bias : c;
        nint step = run->Start == ChainStart.Bias ? 0 : rowC;
        if (sizeof(TShared) > 1)
        {
            byte* edges = from + ((sizeof(TVectors) - 1) * sizeof(TVector));
            for (int row = 0; row < sizeof(TRows) - 1; row++, edges += step)
                ((long*)&run->SharedLanes)[row] = *(long*)edges;
            shared = TLanes.Load((T*)&run->SharedLanes);
        }
        """;

    private const string Prefetch =
        """
        if (Sse.IsSupported && prefetch && block > 1)
        {
            byte* next = c + ((sizeof(TRows) - 1) * rowC);
            for (int row = 0; row < sizeof(TRows) - 1; row++)
            {
                Sse.Prefetch0(next);
                if (sizeof(TVectors) + sizeof(THasEdge) > 2 + 1)
                    Sse.Prefetch0(next + sizeof(TVector));
                if (sizeof(TVectors) + sizeof(THasEdge) > 2 + 2)
                    Sse.Prefetch0(next + (2 * sizeof(TVector)));
                next += rowC;
            }
        }
        """;

    private const string SharedStep =
        """
        TVector columns = TShared.RepeatColumns((T*)(b + ((sizeof(TVectors) - 1) * sizeof(TVector))));
        shared = TLanes.FusedMultiplyAdd(TShared.Rows((T*)a, sizeof(TRows) - 1), columns, shared);
        """;

    private const string StoreShared =
        """
        TLanes.Store(shared, (T*)&run->SharedLanes);
        byte* edges = c + ((sizeof(TVectors) - 1) * sizeof(TVector));
        for (int row = 0; row < sizeof(TRows) - 1; row++, edges += rowC)
            *(long*)edges = ((long*)&run->SharedLanes)[row];
        """;
}
