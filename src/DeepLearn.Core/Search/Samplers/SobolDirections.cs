using DeepLearn.Foundation;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// The direction numbers of Sobol's sequence, one primitive polynomial over two elements for each dimension beyond the first.
/// </summary>
internal static class SobolDirections
{
    private const int Bits = 32;

    private static readonly List<uint[]> Dimensions = [VanDerCorput()];
    private static uint _polynomial = 1;

    /// <summary>A coordinate of a point, in units of 2^-32.</summary>
    /// <param name="dimension">The number of the dimension, from 0.</param>
    /// <param name="index">The number of the point, from 0.</param>
    public static uint At(int dimension, uint index)
    {
        uint[] directions = Of(dimension);
        uint value = 0;
        for (int bit = 0; index != 0; bit++, index >>= 1)
        {
            if ((index & 1) != 0)
                value ^= directions[bit];
        }
        return value;
    }

    /// <summary>
    /// Whether a polynomial, its coefficients as bits, is primitive: the powers of x modulo it are all polynomials of smaller degree.
    /// </summary>
    internal static bool IsPrimitive(uint polynomial)
    {
        int degree = DegreeOf(polynomial);
        uint power = 1;
        for (uint i = 1; i < 1u << degree; i++)
        {
            power <<= 1;
            if ((power >> degree) != 0)
                power ^= polynomial;
            if (power == 1)
                return i == (1u << degree) - 1;
        }
        return false;
    }

    private static uint[] Of(int dimension)
    {
        lock (Dimensions)
        {
            while (Dimensions.Count <= dimension)
            {
                do
                    _polynomial += 2;
                while (!IsPrimitive(_polynomial));
                Dimensions.Add(Make(_polynomial, RandomKey.FromSeed(0).Derive("Sobol directions").Derive(Dimensions.Count)));
            }
            return Dimensions[dimension];
        }
    }

    private static uint[] Make(uint polynomial, RandomKey key)
    {
        int degree = DegreeOf(polynomial);
        var directions = new uint[Bits];
        for (int i = 0; i < degree; i++)
        {
            // An odd number below 2^(i + 1), as a fraction with i + 1 bits.
            uint initial = ((uint)(key.BitsAt(i) >> 32) & ((1u << (i + 1)) - 1)) | 1;
            directions[i] = initial << (Bits - 1 - i);
        }
        for (int i = degree; i < Bits; i++)
        {
            directions[i] = directions[i - degree] ^ (directions[i - degree] >> degree);
            for (int k = 1; k < degree; k++)
            {
                if (((polynomial >> (degree - k)) & 1) != 0)
                    directions[i] ^= directions[i - k];
            }
        }
        return directions;
    }

    private static uint[] VanDerCorput()
    {
        var directions = new uint[Bits];
        for (int i = 0; i < Bits; i++)
            directions[i] = 1u << (Bits - 1 - i);
        return directions;
    }

    private static int DegreeOf(uint polynomial) => System.Numerics.BitOperations.Log2(polynomial);
}
