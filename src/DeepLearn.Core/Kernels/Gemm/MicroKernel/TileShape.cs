using System.Runtime.InteropServices;

namespace DeepLearn.Kernels.Gemm.MicroKernel;

// Numbers as types, so that the JIT compiles a kernel for each number and drops the code that it does not need. The number is the size of
// the type less one byte, since no type has a size of 0. To the JIT, sizeof is a constant from the start; a static abstract property would
// be a call that it must inline first.

[StructLayout(LayoutKind.Sequential, Size = 1 + 0)]
internal readonly struct Count0;

[StructLayout(LayoutKind.Sequential, Size = 1 + 1)]
internal readonly struct Count1;

[StructLayout(LayoutKind.Sequential, Size = 1 + 2)]
internal readonly struct Count2;

[StructLayout(LayoutKind.Sequential, Size = 1 + 3)]
internal readonly struct Count3;

[StructLayout(LayoutKind.Sequential, Size = 1 + 4)]
internal readonly struct Count4;

[StructLayout(LayoutKind.Sequential, Size = 1 + 5)]
internal readonly struct Count5;

[StructLayout(LayoutKind.Sequential, Size = 1 + 6)]
internal readonly struct Count6;

[StructLayout(LayoutKind.Sequential, Size = 1 + 7)]
internal readonly struct Count7;

[StructLayout(LayoutKind.Sequential, Size = 1 + 8)]
internal readonly struct Count8;

[StructLayout(LayoutKind.Sequential, Size = 1 + 9)]
internal readonly struct Count9;

[StructLayout(LayoutKind.Sequential, Size = 1 + 10)]
internal readonly struct Count10;

[StructLayout(LayoutKind.Sequential, Size = 1 + 11)]
internal readonly struct Count11;

[StructLayout(LayoutKind.Sequential, Size = 1 + 12)]
internal readonly struct Count12;

[StructLayout(LayoutKind.Sequential, Size = 1 + 13)]
internal readonly struct Count13;

[StructLayout(LayoutKind.Sequential, Size = 1 + 14)]
internal readonly struct Count14;

[StructLayout(LayoutKind.Sequential, Size = 1 + 15)]
internal readonly struct Count15;

[StructLayout(LayoutKind.Sequential, Size = 1 + 16)]
internal readonly struct Count16;
