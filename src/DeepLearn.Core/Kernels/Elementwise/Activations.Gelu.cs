using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

public static partial class Activations
{
    // Phi(x) - 1/2 is odd, and so is the derivative of GELU less 1/2. Each is x times an even function, for which one polynomial in x^2
    // serves the whole range; beyond the range the result is 0 or 1. That takes half of the operations of an error function (and, for the
    // derivative, of an exponential too). An error function would be exact to the last place even of small results, but that precision is
    // lost when 1/2 is added to them.
    //
    // The polynomials were found for this library with Remez's algorithm, weighted for the error of x times the sum, under the condition
    // that the sum at the end of the range is 0 or 1. One coefficient of each was moved by a few units in the last place to make it exactly
    // 0 or 1. They are polynomials in t = 2 (x / end)^2 - 1, which is in [-1, 1], so powers do not grow. They are evaluated in runs of
    // eight coefficients, which the processor can overlap better than one long run.
    //
    // Errors against the exact functions, at hundreds of thousands of points: 1.2 units of 2^-23 (2^-52 in double) for Phi, 1.8 (3.2) for
    // the derivative.

    /// <summary>t of an x within the range.</summary>
    [MethodImpl(Inline)]
    private static TLanes SquareToRange<TLanes, T>(TLanes x, double single, double wide)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TLanes.FusedMultiplyAdd(
            x * x, LaneMath.Constant<TLanes, T>(typeof(T) == typeof(float) ? single : wide), LaneMath.Constant<TLanes, T>(-1));

    [MethodImpl(Inline)]
    private static TLanes AtLeast<TLanes, T>(TLanes x, double single, double wide)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TLanes.AtLeast(x, LaneMath.Constant<TLanes, T>(typeof(T) == typeof(float) ? single : wide));

    [MethodImpl(Inline)]
    private static TLanes AtMost<TLanes, T>(TLanes x, double single, double wide)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TLanes.AtMost(x, LaneMath.Constant<TLanes, T>(typeof(T) == typeof(float) ? single : wide));

    private readonly struct GeluOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T>
        {
            // Below the range Phi is 0 and the result is -0, even for minus infinity.
            x = AtLeast<TLanes, T>(x, -5.4, -8.3);
            TLanes within = AtMost<TLanes, T>(x, 5.4, 8.3);
            TLanes t = SquareToRange<TLanes, T>(within, 0.068587102, 0.029031789809841772);

            // The rounding of a sum near -1/2 must not make Phi negative.
            TLanes odd = AtLeast<TLanes, T>(within * PolynomialOfGelu<TLanes, T>(t), -0.5, -0.5);
            return x * (odd + LaneMath.Constant<TLanes, T>(0.5));
        }
    }

    private readonly struct GeluBackwardOperator<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes within = AtMost<TLanes, T>(AtLeast<TLanes, T>(x, -6, -8.8), 6, 8.8);
            TLanes t = SquareToRange<TLanes, T>(within, 0.05555555597, 0.025826446280991733);

            // Not fused, since the product then rounds to -1/2 at the end of the range, where the derivative must be 0.
            TLanes odd = within * PolynomialOfGeluDerivative<TLanes, T>(t);
            return y * (odd + LaneMath.Constant<TLanes, T>(0.5));
        }
    }

    /// <summary>(Phi(x) - 1/2) / x.</summary>
    [MethodImpl(Inline)]
    private static TLanes PolynomialOfGelu<TLanes, T>(TLanes t)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes t2 = t * t, t4 = t2 * t2, t8 = t4 * t4;
        if (typeof(T) == typeof(float))
        {
            TLanes p = LaneMath.Constant<TLanes, T>(0.00042003015);
            p = VectorMath.Step<TLanes, T>(p, t, -0.0010511769);
            p = VectorMath.Step<TLanes, T>(p, t, 0.00079528766);
            p = VectorMath.Step<TLanes, T>(p, t, -0.0011217772);
            p = VectorMath.Step<TLanes, T>(p, t, 0.0037488367);
            p = VectorMath.Step<TLanes, T>(p, t, -0.006784978);
            p = VectorMath.Step<TLanes, T>(p, t, 0.009602099);
            return TLanes.FusedMultiplyAdd(p, t8, Eight<TLanes, T>(
                t, -0.013927788, 0.01965847, -0.02575513, 0.032114945,
                -0.039205924, 0.048499662, -0.065328084, 0.13092811));
        }
        else
        {
            TLanes p = LaneMath.Constant<TLanes, T>(1.5849638062263427e-06);
            p = VectorMath.Step<TLanes, T>(p, t, -3.8645530399230955e-06);
            p = VectorMath.Step<TLanes, T>(p, t, -5.620084392269041e-06);
            p = VectorMath.Step<TLanes, T>(p, t, 1.5007940520959486e-05);
            p = VectorMath.Step<TLanes, T>(p, t, 2.530282840239844e-05);
            p = TLanes.FusedMultiplyAdd(p, t8, Eight<TLanes, T>(
                t, -6.281590256656158e-05, -1.5304888012632047e-05, 5.8955243485810656e-05, 0.00011769493655107367,
                -0.00025508800756404964, 0.00016814731410763118, -0.00022231951914822843, 0.0005889328754240198));
            p = TLanes.FusedMultiplyAdd(p, t8, Eight<TLanes, T>(
                t, -0.0009563905662281205, 0.0012753333936399724, -0.0018160335552271734, 0.0026180450090572053,
                -0.0035535607006152775, 0.004617393234049946, -0.005840105818203684, 0.007171891354799757));
            p = TLanes.FusedMultiplyAdd(p, t8, Eight<TLanes, T>(
                t, -0.008539156880206417, 0.009888212136771598, -0.011176519743458202, 0.012375769991854064,
                -0.01348331899553775, 0.014523682905651912, -0.015543720518928836, 0.01660736495748039));
            return TLanes.FusedMultiplyAdd(p, t8, Eight<TLanes, T>(
                t, -0.01779312323555007, 0.019198686485333984, -0.02095919841951005, 0.023293383481058246,
                -0.026622617791256936, 0.03194753351162546, -0.04259678724997117, 0.08519358772121839));
        }
    }

    /// <summary>(Phi(x) + x phi(x) - 1/2) / x.</summary>
    [MethodImpl(Inline)]
    private static TLanes PolynomialOfGeluDerivative<TLanes, T>(TLanes t)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes t2 = t * t, t4 = t2 * t2, t8 = t4 * t4;
        if (typeof(T) == typeof(float))
        {
            TLanes p = LaneMath.Constant<TLanes, T>(0.0013532849);
            p = VectorMath.Step<TLanes, T>(p, t, -0.0064830137);
            p = VectorMath.Step<TLanes, T>(p, t, 0.008033391);
            p = TLanes.FusedMultiplyAdd(p, t8, Eight<TLanes, T>(
                t, 1.32017985e-05, 0.0049473997, -0.030337892, 0.042163227,
                -0.038593654, 0.04836921, -0.06465919, 0.0688763));
            return TLanes.FusedMultiplyAdd(p, t8, Eight<TLanes, T>(
                t, -0.06461051, 0.05832175, -0.050893407, 0.04459001,
                -0.042368267, 0.04605649, -0.05934276, 0.11789777));
        }
        else
        {
            TLanes p = LaneMath.Constant<TLanes, T>(-3.086754146648857e-05);
            p = VectorMath.Step<TLanes, T>(p, t, 5.90119966086213e-05);
            p = TLanes.FusedMultiplyAdd(p, t8, Eight<TLanes, T>(
                t, 0.0001956072328075137, -0.00033733765853221595, -0.0008490449117317664, 0.0013916241327390382,
                0.0018257371368401692, -0.0027281008000303686, -0.004064463921222885, 0.005971187945206966));
            p = TLanes.FusedMultiplyAdd(p, t8, Eight<TLanes, T>(
                t, 0.003062664013679602, -0.0037476226745206953, -0.008443044016930317, 0.011651904967753299,
                -0.004835729404456422, 0.007469203487677397, -0.018054518980883165, 0.023127916335198125));
            p = TLanes.FusedMultiplyAdd(p, t8, Eight<TLanes, T>(
                t, -0.02480322562332258, 0.029904068535013872, -0.036087798955538264, 0.03976769153809279,
                -0.04146477221466725, 0.04190297042555058, -0.04066568275203265, 0.0377419994210887));
            p = TLanes.FusedMultiplyAdd(p, t8, Eight<TLanes, T>(
                t, -0.03373153877886571, 0.029306434364215112, -0.02505914036117934, 0.02146889788110766,
                -0.01882128746071115, 0.017186651124962662, -0.016473518504659626, 0.016512228157278416));
            return TLanes.FusedMultiplyAdd(p, t8, Eight<TLanes, T>(
                t, -0.017135299923847932, 0.018236542901657327, -0.019808556969808835, 0.021980379049461252,
                -0.02511215650461771, 0.03013267534320772, -0.0401765510497272, 0.08035304483678757));
        }
    }

    /// <summary>Horner's rule over eight coefficients, the highest first.</summary>
    [MethodImpl(Inline)]
    private static TLanes Eight<TLanes, T>(TLanes t, double c7, double c6, double c5, double c4, double c3, double c2, double c1, double c0)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes p = VectorMath.Step<TLanes, T>(LaneMath.Constant<TLanes, T>(c7), t, c6);
        p = VectorMath.Step<TLanes, T>(p, t, c5);
        p = VectorMath.Step<TLanes, T>(p, t, c4);
        p = VectorMath.Step<TLanes, T>(p, t, c3);
        p = VectorMath.Step<TLanes, T>(p, t, c2);
        p = VectorMath.Step<TLanes, T>(p, t, c1);
        return VectorMath.Step<TLanes, T>(p, t, c0);
    }
}
