namespace DeepLearn.KernelGenerator;

/// <summary>
/// Writes the micro-kernel of the matrix product. The JIT keeps accumulators in registers only if they are separate local variables. So
/// each step is written out for every accumulator: eight rows by three vectors and an edge, or two rows by eight vectors, in five places.
/// </summary>
public static class TileGenerator
{
    /// <summary>The most rows of a tile.</summary>
    private const int Rows = 8;

    /// <summary>The most full vectors of a tile.</summary>
    private const int Vectors = 3;

    /// <summary>The most rows of a wide tile, and its most full vectors.</summary>
    private const int WideRows = 2, WideVectors = 8;

    /// <summary>The offset of the edge, which follows the full vectors.</summary>
    private const string EdgeOffset = "((sizeof(TVectors) - 1) * sizeof(TLanes))";

    /// <summary>The text of the file.</summary>
    public static string Write()
    {
        var code = new CodeWriter();
        code.Line(Head);
        code.Block("internal static unsafe class Tile<T, TLanes, TEdge, TMask, TShared, TRows, TVectors>\n" + Constraints, () =>
        {
            code.Line(Preface);
            code.Block("public static void Run(TileRun<T>* run)", () =>
            {
                code.Line(Locals);
                code.Block("for (nint tile = run->Tiles; tile > 0; tile--)", () => WriteTile(code));
            });
        });
        return code.ToString();
    }

    private static void WriteTile(CodeWriter code)
    {
        for (int vector = 0; vector < WideVectors; vector++)
        {
            IEnumerable<int> rows = Enumerable.Range(0, vector < Vectors ? Rows : WideRows);
            code.Line("TLanes " + string.Join(", ", rows.Select(row => $"c{row}{vector} = default")) + ";");
        }
        code.Line("TEdge " + string.Join(", ", Enumerable.Range(0, Rows).Select(row => $"e{row} = default")) + ";");
        code.Line("TLanes shared = default;");
        code.Block("if (run->Start != ChainStart.Zero)", () => WriteStart(code));
        code.Line();
        code.Line(Prefetch);
        code.Line();
        code.Line("byte* a = firstA, b = firstB;");
        code.Block("for (nint depth = run->Depth; depth > 0; depth--)", () => WriteStep(code));
        code.Line();
        code.Block("if (run->Relu)", () => WriteRelu(code));
        WriteEnd(code);
        code.Line("firstA += run->TileStepA;\nfirstB += run->TileStepB;\nc += run->TileStepC;");
        code.Line("run->Bias = (T*)((byte*)run->Bias + run->TileStepBias);");
    }

    private static void WriteStart(CodeWriter code)
    {
        code.Line(StartOfChains);
        EachRow(code, row =>
        {
            EachVector(code, row, vector => $"TLanes.Read(ref c{row}{vector}, (T*){Address("from", vector)});");
            IfEdge(code, $"TEdge.ReadFirst(ref e{row}, (T*)(from + {EdgeOffset}), mask, edge);");
            code.Line("from += step;");
        });
        code.Block("if (run->Start == ChainStart.ScaledResult)", () =>
        {
            code.Line("TLanes factor = default;\nTLanes.Repeat(ref factor, &run->Beta);");
            EachRow(code, row =>
            {
                EachVector(code, row, vector => $"TLanes.Scale(ref c{row}{vector}, factor);");
                IfEdge(code, $"TEdge.Scale(ref e{row}, TEdge.LowerOf(factor));");
            });
            code.If("sizeof(TShared) > 1", "TLanes.Scale(ref shared, factor);");
        });
    }

    private static void WriteStep(CodeWriter code)
    {
        code.Block($"if (sizeof(TVectors) > 1 + {Vectors})", () => WriteWideStep(code));
        code.Block("else", () => WriteUsualStep(code));
        code.Line("a += depthA;\nb += depthB;");
    }

    /// <summary>A vector of B is read right before its uses, since the accumulators leave no registers for all of them.</summary>
    private static void WriteWideStep(CodeWriter code)
    {
        code.Line("TLanes x0 = default, x1 = default, y = default;\nTLanes.Repeat(ref x0, (T*)a);");
        code.If("sizeof(TRows) > 1 + 1", "TLanes.Repeat(ref x1, (T*)(a + rowA));");
        for (int vector = 0; vector < WideVectors; vector++)
        {
            int one = vector;
            code.Block($"if (sizeof(TVectors) > 1 + {vector})", () =>
            {
                code.Line($"TLanes.Read(ref y, (T*){Address("b", one)});\nTLanes.MultiplyAdd(ref c0{one}, x0, y);");
                code.If("sizeof(TRows) > 1 + 1", $"TLanes.MultiplyAdd(ref c1{one}, x1, y);");
            });
        }
        code.Block("if (sizeof(TEdge) > sizeof(T))", () =>
        {
            code.Line($"TEdge ye = default;\nTEdge.ReadFirst(ref ye, (T*)(b + {EdgeOffset}), mask, edge);");
            code.Line("TEdge.MultiplyAdd(ref e0, TEdge.LowerOf(x0), ye);");
            code.If("sizeof(TRows) > 1 + 1", "TEdge.MultiplyAdd(ref e1, TEdge.LowerOf(x1), ye);");
        });
    }

    private static void WriteUsualStep(CodeWriter code)
    {
        code.Line("TLanes b0 = default, b1 = default, b2 = default;\nTEdge be = default;");
        for (int vector = 0; vector < Vectors; vector++)
            code.If($"sizeof(TVectors) > 1 + {vector}", $"TLanes.Read(ref b{vector}, (T*){Address("b", vector)});");
        IfEdge(code, $"TEdge.ReadFirst(ref be, (T*)(b + {EdgeOffset}), mask, edge);");
        EachRow(code, row =>
        {
            string a = ElementOfA(row);
            code.Block("if (sizeof(TVectors) + (sizeof(TEdge) > sizeof(T) ? 1 : 0) == 1 + 1)", () =>
            {
                code.If("sizeof(TVectors) > 1 + 0", $"TLanes.MultiplyAdd(ref c{row}0, (T*){a}, b0);");
                IfEdge(code, $"TEdge.MultiplyAddBits(ref e{row}, (T*){a}, be);");
            });
            code.Block("else", () =>
            {
                code.Line($"TLanes x = default;\nTLanes.Repeat(ref x, (T*){a});");
                code.Line($"TLanes.MultiplyAdd(ref c{row}0, x, b0);");
                for (int vector = 1; vector < Vectors; vector++)
                    code.If($"sizeof(TVectors) > 1 + {vector}", $"TLanes.MultiplyAdd(ref c{row}{vector}, x, b{vector});");
                IfEdge(code, $"TEdge.MultiplyAdd(ref e{row}, TEdge.LowerOf(x), be);");
            });
        }, between: row => row == 3 ? "byte* a4 = a + (4 * rowA);" : null);
        code.Block("if (sizeof(TShared) > 1)", () => code.Line(SharedStep));
    }

    private static void WriteRelu(CodeWriter code)
    {
        EachRow(code, row =>
        {
            EachVector(code, row, vector => $"TLanes.Relu(ref c{row}{vector});");
            IfEdge(code, $"TEdge.Relu(ref e{row});");
        });
        code.If("sizeof(TShared) > 1", "TLanes.Relu(ref shared);");
    }

    private static void WriteEnd(CodeWriter code)
    {
        code.Block("if (sizeof(TShared) > 1)", () => code.Line(StoreShared));
        EachRow(code, row =>
        {
            EachVector(code, row, vector => $"c{row}{vector}.Store(ref *(T*){Address("c", vector)});");
            IfEdge(code, $"e{row}.StoreFirst((T*)(c + {EdgeOffset}), mask, edge);");
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

    private static void EachVector(CodeWriter code, int row, Func<int, string> statement)
    {
        for (int vector = 0; vector < (row < WideRows ? WideVectors : Vectors); vector++)
            code.If($"sizeof(TVectors) > 1 + {vector}", statement(vector));
    }

    private static void IfEdge(CodeWriter code, string statement) => code.If("sizeof(TEdge) > sizeof(T)", statement);

    private static string Address(string pointer, int vector) => vector switch
    {
        0 => pointer,
        1 => $"({pointer} + sizeof(TLanes))",
        _ => $"({pointer} + ({vector} * sizeof(TLanes)))",
    };

    /// <summary>Multiples of the row stride, up to three, are in local variables; rows 4 to 7 use them again from <c>a4</c> on.</summary>
    private static string ElementOfA(int row) => (row < 4 ? "a" : "a4", row % 4) switch
    {
        (string pointer, 0) => pointer,
        (string pointer, 1) => $"({pointer} + rowA)",
        (string pointer, int step) => $"({pointer} + rowA{step})",
    };

    private const string Head =
        """
        // Generated by tools/DeepLearn.KernelGenerator (TileGenerator.cs). Change it there, then:
        // dotnet run --project tools/DeepLearn.KernelGenerator

        using System.Numerics;
        using System.Runtime.CompilerServices;
        using System.Runtime.Intrinsics.X86;
        using DeepLearn.Kernels.Gemm.Contract;
        using DeepLearn.Kernels.Simd;

        namespace DeepLearn.Kernels.Gemm.MicroKernel;

        /// <summary>
        /// The micro-kernel: a tile of the result that stays in registers while k runs, of <typeparamref name="TRows"/> rows by
        /// <typeparamref name="TVectors"/> full vectors: up to eight rows by three vectors, or two by eight. A last vector may follow: one
        /// of which only some columns are used (<typeparamref name="TEdge"/>), or one for all rows together
        /// (<typeparamref name="TShared"/>).
        /// </summary>
        /// <remarks>
        /// <para> For each k, one row of vectors of B is read and multiplied by one element of A for each row, with one fused multiply-add
        /// for every element of the tile: <c>c = a b + c</c>. The accumulators are separate local variables (<c>c21</c>: row 2, vector 1;
        /// <c>e2</c>: row 2, edge), since the JIT keeps nothing else in registers. An element of A that is used once is broadcast by the
        /// multiplication itself, which the JIT folds into one instruction. </para>
        /// <para> The size of a tile is tested with <c>sizeof</c> of its type parameters, which is a constant to the JIT from the start:
        /// the code that a smaller tile lacks is not even imported. A static property would have to be inlined first; with such properties,
        /// kernels took three times as long to compile. </para>
        /// </remarks>
        /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
        /// <typeparam name="TLanes">The full vectors.</typeparam>
        /// <typeparam name="TEdge">The last vector; a single lane where there is none.</typeparam>
        /// <typeparam name="TMask">The mask of the last vector.</typeparam>
        /// <typeparam name="TShared">How all rows share a last vector; a type of one byte if they do not.</typeparam>
        /// <typeparam name="TRows">The number of rows, as the size of a type less one byte, since no type has a size of 0.</typeparam>
        /// <typeparam name="TVectors">The number of full vectors, likewise.</typeparam>
        """;

    private const string Constraints =
        """
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            where TLanes : unmanaged, ITileLanes<TLanes, T>
            where TEdge : unmanaged, IEdgeLanes<TEdge, T, TMask>
            where TMask : unmanaged
            where TShared : unmanaged, ISharedEdge<T, TLanes>
            where TRows : unmanaged
            where TVectors : unmanaged
        """;

    private const string Preface =
        """
        // As much as possible is written out. Every call that must be inlined costs compile time and counts against the JIT's budget; a
        // kernel that exceeds the budget runs at a tenth of its speed.

        /// <summary>Computes tiles, one below the other or side by side.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        """;

    private const string Locals =
        """
        nint rowA = run->RowStepA, rowA2 = 2 * rowA, rowA3 = 3 * rowA, depthA = run->DepthStepA;
        nint depthB = run->DepthStepB, rowC = run->RowStepC;
        int edge = run->Edge;
        TMask mask = sizeof(TEdge) > sizeof(T) ? TEdge.MaskFirst(edge) : default;
        byte* firstA = run->A, firstB = run->B;
        bool prefetch = run->ResultIsFar || (run->Start == ChainStart.Result && run->Depth > 128);
        byte* c = run->C;
        """;

    private const string StartOfChains =
        """
        // A bias is read like a result whose rows are all the same.
        byte* from = run->Start == ChainStart.Bias ? (byte*)run->Bias : c;
        nint step = run->Start == ChainStart.Bias ? 0 : rowC;
        if (sizeof(TShared) > 1)
        {
            byte* edges = from + ((sizeof(TVectors) - 1) * sizeof(TLanes));
            for (int row = 0; row < sizeof(TRows) - 1; row++, edges += step)
                ((long*)&run->SharedLanes)[row] = *(long*)edges;
            TLanes.Read(ref shared, (T*)&run->SharedLanes);
        }
        """;

    private const string Prefetch =
        """
        if (Sse.IsSupported && prefetch && tile > 1)
        {
            // Counted from the end of a row: where a row begins within a cache line, the panel to its left has brought that line.
            byte* last = c + ((sizeof(TRows) - 1) * rowC) + ((sizeof(TVectors) - 1) * sizeof(TLanes)) - 1;
            if (sizeof(TEdge) > sizeof(T))
                last += edge * sizeof(T);
            if (sizeof(TShared) > 1)
                last += sizeof(long);
            for (int row = 0; row < sizeof(TRows) - 1; row++)
            {
                Sse.Prefetch0(last);
                if ((sizeof(TVectors) - (sizeof(TEdge) > sizeof(T) ? 0 : 1)) * sizeof(TLanes) > 64)
                    Sse.Prefetch0(last - 64);
                if ((sizeof(TVectors) - (sizeof(TEdge) > sizeof(T) ? 0 : 1)) * sizeof(TLanes) > 128)
                    Sse.Prefetch0(last - 128);
                last += rowC;
            }
        }
        """;

    private const string SharedStep =
        """
        TLanes columns = TShared.RepeatColumns((T*)(b + ((sizeof(TVectors) - 1) * sizeof(TLanes))));
        TLanes.MultiplyAdd(ref shared, TShared.Rows((T*)a, sizeof(TRows) - 1), columns);
        """;

    private const string StoreShared =
        """
        shared.Store(ref *(T*)&run->SharedLanes);
        byte* edges = c + ((sizeof(TVectors) - 1) * sizeof(TLanes));
        for (int row = 0; row < sizeof(TRows) - 1; row++, edges += rowC)
            *(long*)edges = ((long*)&run->SharedLanes)[row];
        """;
}
