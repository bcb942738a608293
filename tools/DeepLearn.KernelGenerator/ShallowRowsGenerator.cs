namespace DeepLearn.KernelGenerator;

/// <summary>
/// Writes the kernel of products with a short k. As in <see cref="TileGenerator"/>, accumulators must be separate local variables, and so
/// must the elements of A, which stay in registers.
/// </summary>
public static class ShallowRowsGenerator
{
    /// <summary>The longest k for each number of rows: the elements of A must leave registers to the accumulators.</summary>
    private static readonly int[] DepthsOfRow = [16, 8, 7, 4];

    /// <summary>The text of the file.</summary>
    public static string Write()
    {
        var code = new CodeWriter();
        code.Line(Head);
        code.Block("internal static unsafe class ShallowRows<T, TLanes, TDepth, TRows, TStart>\n" + Constraints, () =>
        {
            code.Line(Preface);
            code.Block("public static void Run(ShallowRun<T>* run)", () =>
            {
                code.Line(Locals);
                code.Block("for (nint group = run->Groups; group > 0; group--)", () => WriteGroup(code));
            });
        });
        return code.ToString();
    }

    private static void WriteGroup(CodeWriter code)
    {
        for (int row = 0; row < DepthsOfRow.Length; row++)
        {
            int one = row;
            foreach (int[] some in Enumerable.Range(0, DepthsOfRow[row]).Chunk(8))
                code.Line("TLanes " + string.Join(", ", some.Select(k => $"{Element(one, k)} = default")) + ";");
        }
        code.Line("byte* a = run->A;\nrun->A += (sizeof(TRows) - 1) * rowA;");
        EachRow(code, row =>
        {
            code.Line("byte* at = a;");
            for (int k = 0; k < DepthsOfRow[row]; k++)
            {
                int one = k;
                code.Block($"if (sizeof(TDepth) > 1 + {k})", () =>
                {
                    code.Line($"TLanes.Repeat(ref {Element(row, one)}, (T*)at);");
                    if (one < DepthsOfRow[row] - 1)
                        code.Line("at += depthA;");
                });
            }
            code.Line("a += rowA;");
        });
        code.Line();
        code.Line("// The vectors that have no neighbor: the last one, which steps back to be full, is kept until no chain starts from");
        code.Line("// what it covers; then the one that makes the number of the others even.");
        code.Block("for (nint j = run->FirstSingle; j >= 0; j = j == odd ? -1 : odd)", () =>
        {
            code.Line("byte* to = j == odd ? c0 + j : (byte*)&run->Kept;");
            code.Line("nint toStep = j == odd ? rowC : sizeof(TLanes);");
            WriteBlock(code, vectors: 1);
            EachRow(code, row =>
            {
                code.Line($"{Sum(row, 0)}.Store(ref *(T*)to);");
                if (row < DepthsOfRow.Length - 1)
                    code.Line("to += toStep;");
            });
        });
        code.Block("for (nint j = 0; j < pairs; j += 2 * sizeof(TLanes))", () =>
        {
            WriteBlock(code, vectors: 2);
            EachRow(code, row => code.Line(
                $"{Sum(row, 0)}.Store(ref *(T*)(c{row} + j));\n{Sum(row, 1)}.Store(ref *(T*)(c{row} + j + sizeof(TLanes)));"));
        });
        code.Block("if (last >= 0)", () =>
        {
            code.Line("byte* kept = (byte*)&run->Kept;");
            EachRow(code, row =>
            {
                code.Line($"TLanes one = default;\nTLanes.Read(ref one, (T*)kept);\none.Store(ref *(T*)(c{row} + last));");
                if (row < DepthsOfRow.Length - 1)
                    code.Line("kept += sizeof(TLanes);");
            });
        });
        EachRow(code, row => code.Line($"c{row} += groupC;"));
    }

    /// <summary>The sums of one or two neighboring vectors of each row.</summary>
    private static void WriteBlock(CodeWriter code, int vectors)
    {
        code.Line("byte* p = b + j;");
        for (int vector = 0; vector < vectors; vector++)
        {
            int one = vector;
            IEnumerable<string> sums = Enumerable.Range(0, DepthsOfRow.Length).Select(row => $"{Sum(row, one)} = default");
            code.Line("TLanes " + string.Join(", ", sums) + ";");
        }
        code.Block("if (sizeof(TStart) == 1 + 1)", () =>
        {
            EachSum(code, vectors, (row, vector) => $"TLanes.Read(ref {Sum(row, vector)}, (T*)({At($"c{row} + j", vector)}));");
            code.Block("if (scales)", () =>
                EachSum(code, vectors, (row, vector) => $"TLanes.Scale(ref {Sum(row, vector)}, factor);"));
        });
        code.Block("if (sizeof(TStart) == 1 + 2)", () =>
        {
            EachVector(vectors, vector => code.Line($"TLanes.Read(ref {Sum(0, vector)}, (T*)({At("bias + j", vector)}));"));
            for (int row = 1; row < DepthsOfRow.Length; row++)
            {
                int one = row;
                code.Block($"if (sizeof(TRows) > 1 + {row})", () =>
                    EachVector(vectors, vector => code.Line($"{Sum(one, vector)} = {Sum(0, vector)};")));
            }
        });
        for (int k = 0; k < DepthsOfRow[0]; k++)
        {
            int one = k;
            code.Block($"if (sizeof(TDepth) > 1 + {k})", () =>
            {
                if (one > 0 && one % 4 == 0)
                    code.Line("p += depthB4;");
                EachVector(vectors, vector =>
                {
                    code.Line($"TLanes y{vector} = default;\nTLanes.Read(ref y{vector}, (T*)({At(RowOfB(one), vector)}));");
                });
                for (int row = 0; row < DepthsOfRow.Length && one < DepthsOfRow[row]; row++)
                {
                    int of = row;
                    void Links() => EachVector(vectors, vector =>
                        code.Line($"TLanes.MultiplyAdd(ref {Sum(of, vector)}, {Element(of, one)}, y{vector});"));
                    if (row == 0)
                        Links();
                    else
                        code.Block($"if (sizeof(TRows) > 1 + {row})", Links);
                }
            });
        }
        code.Block("if (relu)", () => EachSum(code, vectors, (row, vector) => $"TLanes.Relu(ref {Sum(row, vector)});"));
    }

    private static void EachSum(CodeWriter code, int vectors, Func<int, int, string> statement) =>
        EachRow(code, row => EachVector(vectors, vector => code.Line(statement(row, vector))));

    private static void EachRow(CodeWriter code, Action<int> body)
    {
        for (int row = 0; row < DepthsOfRow.Length; row++)
        {
            int one = row;
            code.Block($"if (sizeof(TRows) > 1 + {row})", () => body(one));
        }
    }

    private static void EachVector(int vectors, Action<int> body)
    {
        for (int vector = 0; vector < vectors; vector++)
            body(vector);
    }

    private static string At(string address, int vector) => vector == 0 ? address : $"{address} + sizeof(TLanes)";

    private static string RowOfB(int k) => (k % 4) switch
    {
        0 => "p",
        1 => "p + depthB",
        _ => $"p + depthB{k % 4}",
    };

    private static string Element(int row, int k) => $"x{row}{k:x}";

    private static string Sum(int row, int vector) => $"s{row}{vector}";

    private const string Head =
        """
        // Generated by tools/DeepLearn.KernelGenerator (ShallowRowsGenerator.cs). Change it there, then:
        // dotnet run --project tools/DeepLearn.KernelGenerator

        using System.Numerics;
        using System.Runtime.CompilerServices;
        using DeepLearn.Kernels.Simd;

        namespace DeepLearn.Kernels.Gemm.Paths;

        /// <summary>
        /// The kernel of <see cref="ShallowProduct"/>: a group of rows of the result, written from left to right, while their elements of A
        /// stay in registers.
        /// </summary>
        /// <remarks>
        /// What the chains start from and the length of k are type parameters, since a vector takes so few cycles that every branch would
        /// be felt. Names: <c>x2b</c> is the element of row 2 and k 11; <c>s21</c> the sums of row 2, vector 1.
        /// </remarks>
        /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
        /// <typeparam name="TLanes">The lanes.</typeparam>
        /// <typeparam name="TDepth">The length of k, as the size of a type less one byte.</typeparam>
        /// <typeparam name="TRows">The number of rows of a group, likewise.</typeparam>
        /// <typeparam name="TStart">What the chains start from, likewise: 0 for zero, 1 for the result, 2 for the bias.</typeparam>
        """;

    private const string Constraints =
        """
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            where TLanes : unmanaged, ITileLanes<TLanes, T>
            where TDepth : unmanaged
            where TRows : unmanaged
            where TStart : unmanaged
        """;

    private const string Preface =
        """
        /// <summary>Computes groups of rows, one below the other, and leaves <paramref name="run"/> at the next group.</summary>
        /// <param name="run">What to compute.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        """;

    private const string Locals =
        """
        nint rowA = run->RowStepA, depthA = run->DepthStepA, rowC = run->RowStepC, groupC = (sizeof(TRows) - 1) * rowC;
        byte* b = run->B, bias = run->Bias, c0 = run->C, c1 = c0 + rowC, c2 = c1 + rowC, c3 = c2 + rowC;
        nint depthB = run->DepthStepB, depthB2 = 2 * depthB, depthB3 = 3 * depthB, depthB4 = 4 * depthB;
        nint pairs = run->Pairs, odd = run->Odd, last = run->Last;
        bool relu = run->Relu, scales = run->Scales;
        TLanes factor = default;
        TLanes.Repeat(ref factor, &run->Beta);
        run->C += run->Groups * groupC;
        """;
}
