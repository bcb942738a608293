using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>Three taps; the windows of neighboring results are neighbors.</summary>
internal readonly unsafe struct ThreeTaps<T> : IDepthwiseTaps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TOne>(
        ref TOne a, ref TOne b, ref TOne c, ref TOne d, ref TOne e, ref TOne f, ref TOne g, ref TOne h,
        T* x, nint step, int left, int right, T* weights, int* places)
        where TOne : struct, ILanes<TOne, T>
    {
        TOne u = TOne.Load(in weights[places[0]]), v = TOne.Load(in weights[places[1]]), w = TOne.Load(in weights[places[2]]);
        if (left < 1)
            a = TOne.FusedMultiplyAdd(TOne.Load(in *x), u, a);
        x += step;
        TOne s = TOne.Load(in *x);
        a = TOne.FusedMultiplyAdd(s, v, a);
        b = TOne.FusedMultiplyAdd(s, u, b);
        x += step;
        s = TOne.Load(in *x);
        a = TOne.FusedMultiplyAdd(s, w, a);
        b = TOne.FusedMultiplyAdd(s, v, b);
        c = TOne.FusedMultiplyAdd(s, u, c);
        x += step;
        s = TOne.Load(in *x);
        b = TOne.FusedMultiplyAdd(s, w, b);
        c = TOne.FusedMultiplyAdd(s, v, c);
        d = TOne.FusedMultiplyAdd(s, u, d);
        x += step;
        s = TOne.Load(in *x);
        c = TOne.FusedMultiplyAdd(s, w, c);
        d = TOne.FusedMultiplyAdd(s, v, d);
        e = TOne.FusedMultiplyAdd(s, u, e);
        x += step;
        s = TOne.Load(in *x);
        d = TOne.FusedMultiplyAdd(s, w, d);
        e = TOne.FusedMultiplyAdd(s, v, e);
        f = TOne.FusedMultiplyAdd(s, u, f);
        x += step;
        s = TOne.Load(in *x);
        e = TOne.FusedMultiplyAdd(s, w, e);
        f = TOne.FusedMultiplyAdd(s, v, f);
        g = TOne.FusedMultiplyAdd(s, u, g);
        x += step;
        s = TOne.Load(in *x);
        f = TOne.FusedMultiplyAdd(s, w, f);
        g = TOne.FusedMultiplyAdd(s, v, g);
        h = TOne.FusedMultiplyAdd(s, u, h);
        x += step;
        s = TOne.Load(in *x);
        g = TOne.FusedMultiplyAdd(s, w, g);
        h = TOne.FusedMultiplyAdd(s, v, h);
        if (right < 1)
            h = TOne.FusedMultiplyAdd(TOne.Load(in x[step]), w, h);
    }
}

/// <summary>Three taps; the windows of neighboring results are two columns apart.</summary>
internal readonly unsafe struct ThreeTapsApart<T> : IDepthwiseTaps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TOne>(
        ref TOne a, ref TOne b, ref TOne c, ref TOne d, ref TOne e, ref TOne f, ref TOne g, ref TOne h,
        T* x, nint step, int left, int right, T* weights, int* places)
        where TOne : struct, ILanes<TOne, T>
    {
        TOne u = TOne.Load(in weights[places[0]]), v = TOne.Load(in weights[places[1]]), w = TOne.Load(in weights[places[2]]);
        if (left < 1)
            a = TOne.FusedMultiplyAdd(TOne.Load(in *x), u, a);
        a = TOne.FusedMultiplyAdd(TOne.Load(in x[step]), v, a);
        x += 2 * step;
        TOne s = TOne.Load(in *x);
        a = TOne.FusedMultiplyAdd(s, w, a);
        b = TOne.FusedMultiplyAdd(s, u, b);
        b = TOne.FusedMultiplyAdd(TOne.Load(in x[step]), v, b);
        x += 2 * step;
        s = TOne.Load(in *x);
        b = TOne.FusedMultiplyAdd(s, w, b);
        c = TOne.FusedMultiplyAdd(s, u, c);
        c = TOne.FusedMultiplyAdd(TOne.Load(in x[step]), v, c);
        x += 2 * step;
        s = TOne.Load(in *x);
        c = TOne.FusedMultiplyAdd(s, w, c);
        d = TOne.FusedMultiplyAdd(s, u, d);
        d = TOne.FusedMultiplyAdd(TOne.Load(in x[step]), v, d);
        x += 2 * step;
        s = TOne.Load(in *x);
        d = TOne.FusedMultiplyAdd(s, w, d);
        e = TOne.FusedMultiplyAdd(s, u, e);
        e = TOne.FusedMultiplyAdd(TOne.Load(in x[step]), v, e);
        x += 2 * step;
        s = TOne.Load(in *x);
        e = TOne.FusedMultiplyAdd(s, w, e);
        f = TOne.FusedMultiplyAdd(s, u, f);
        f = TOne.FusedMultiplyAdd(TOne.Load(in x[step]), v, f);
        x += 2 * step;
        s = TOne.Load(in *x);
        f = TOne.FusedMultiplyAdd(s, w, f);
        g = TOne.FusedMultiplyAdd(s, u, g);
        g = TOne.FusedMultiplyAdd(TOne.Load(in x[step]), v, g);
        x += 2 * step;
        s = TOne.Load(in *x);
        g = TOne.FusedMultiplyAdd(s, w, g);
        h = TOne.FusedMultiplyAdd(s, u, h);
        h = TOne.FusedMultiplyAdd(TOne.Load(in x[step]), v, h);
        if (right < 1)
            h = TOne.FusedMultiplyAdd(TOne.Load(in x[2 * step]), w, h);
    }
}

/// <summary>Five taps; the windows of neighboring results are neighbors.</summary>
internal readonly unsafe struct FiveTaps<T> : IDepthwiseTaps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TOne>(
        ref TOne a, ref TOne b, ref TOne c, ref TOne d, ref TOne e, ref TOne f, ref TOne g, ref TOne h,
        T* x, nint step, int left, int right, T* weights, int* places)
        where TOne : struct, ILanes<TOne, T>
    {
        TOne u = TOne.Load(in weights[places[0]]), v = TOne.Load(in weights[places[1]]), w = TOne.Load(in weights[places[2]]);
        TOne y = TOne.Load(in weights[places[3]]), z = TOne.Load(in weights[places[4]]);
        TOne s;
        if (left < 2)
        {
            if (left < 1)
                a = TOne.FusedMultiplyAdd(TOne.Load(in *x), u, a);
            s = TOne.Load(in x[step]);
            a = TOne.FusedMultiplyAdd(s, v, a);
            b = TOne.FusedMultiplyAdd(s, u, b);
        }
        x += 2 * step;
        s = TOne.Load(in *x);
        a = TOne.FusedMultiplyAdd(s, w, a);
        b = TOne.FusedMultiplyAdd(s, v, b);
        c = TOne.FusedMultiplyAdd(s, u, c);
        x += step;
        s = TOne.Load(in *x);
        a = TOne.FusedMultiplyAdd(s, y, a);
        b = TOne.FusedMultiplyAdd(s, w, b);
        c = TOne.FusedMultiplyAdd(s, v, c);
        d = TOne.FusedMultiplyAdd(s, u, d);
        x += step;
        s = TOne.Load(in *x);
        a = TOne.FusedMultiplyAdd(s, z, a);
        b = TOne.FusedMultiplyAdd(s, y, b);
        c = TOne.FusedMultiplyAdd(s, w, c);
        d = TOne.FusedMultiplyAdd(s, v, d);
        e = TOne.FusedMultiplyAdd(s, u, e);
        x += step;
        s = TOne.Load(in *x);
        b = TOne.FusedMultiplyAdd(s, z, b);
        c = TOne.FusedMultiplyAdd(s, y, c);
        d = TOne.FusedMultiplyAdd(s, w, d);
        e = TOne.FusedMultiplyAdd(s, v, e);
        f = TOne.FusedMultiplyAdd(s, u, f);
        x += step;
        s = TOne.Load(in *x);
        c = TOne.FusedMultiplyAdd(s, z, c);
        d = TOne.FusedMultiplyAdd(s, y, d);
        e = TOne.FusedMultiplyAdd(s, w, e);
        f = TOne.FusedMultiplyAdd(s, v, f);
        g = TOne.FusedMultiplyAdd(s, u, g);
        x += step;
        s = TOne.Load(in *x);
        d = TOne.FusedMultiplyAdd(s, z, d);
        e = TOne.FusedMultiplyAdd(s, y, e);
        f = TOne.FusedMultiplyAdd(s, w, f);
        g = TOne.FusedMultiplyAdd(s, v, g);
        h = TOne.FusedMultiplyAdd(s, u, h);
        x += step;
        s = TOne.Load(in *x);
        e = TOne.FusedMultiplyAdd(s, z, e);
        f = TOne.FusedMultiplyAdd(s, y, f);
        g = TOne.FusedMultiplyAdd(s, w, g);
        h = TOne.FusedMultiplyAdd(s, v, h);
        x += step;
        s = TOne.Load(in *x);
        f = TOne.FusedMultiplyAdd(s, z, f);
        g = TOne.FusedMultiplyAdd(s, y, g);
        h = TOne.FusedMultiplyAdd(s, w, h);
        if (right >= 2)
            return;
        x += step;
        s = TOne.Load(in *x);
        g = TOne.FusedMultiplyAdd(s, z, g);
        h = TOne.FusedMultiplyAdd(s, y, h);
        if (right < 1)
            h = TOne.FusedMultiplyAdd(TOne.Load(in x[step]), z, h);
    }
}
