using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Pooling;

/// <summary>What a pass over a batch does with each example.</summary>
internal enum PoolWork
{
    MaxForward,
    MaxBackward,
    AverageForward,
    AverageBackward,
}

/// <summary>A pass over a batch, after its operands have been checked; one part for each example.</summary>
internal unsafe struct PoolPass<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private PoolGeometry _geometry;
    private PoolWork _work;
    private bool _countsPadding;
    private T* _images;
    private nint _imageStride;
    private T* _results;
    private nint _resultStride;
    private T* _places;
    private nint _placeStride;

    /// <summary>Runs a pass.</summary>
    /// <param name="work">What to do; it decides which operands are written.</param>
    /// <param name="geometry">The pooling.</param>
    /// <param name="countsPadding">Whether the padding counts as zeros in a mean.</param>
    /// <param name="images">The inputs or their gradients.</param>
    /// <param name="results">The outputs or their gradients.</param>
    /// <param name="places">The indices of the maxima; empty if there are none.</param>
    /// <param name="workers">The threads.</param>
    public static void Run(
        PoolWork work,
        PoolGeometry geometry,
        bool countsPadding,
        ReadOnlyMatrixView<T> images,
        ReadOnlyMatrixView<T> results,
        ReadOnlyMatrixView<T> places,
        WorkerPool workers)
    {
        if (images.Rows == 0)
            return;
        fixed (T* ofImages = images.Row(0), ofResults = results.Row(0), ofPlaces = places.IsEmpty ? default : places.Row(0))
        {
            var body = new PoolPass<T>
            {
                _geometry = geometry,
                _work = work,
                _countsPadding = countsPadding,
                _images = ofImages,
                _imageStride = images.Stride,
                _results = ofResults,
                _resultStride = results.Stride,
                _places = ofPlaces,
                _placeStride = places.Stride,
            };
            workers.Run(ref body, images.Rows);
        }
    }

    /// <summary>Processes one example.</summary>
    public readonly void Run(int part)
    {
        T* image = _images + (part * _imageStride), result = _results + (part * _resultStride);
        T* places = _places == null ? null : _places + (part * _placeStride);
        switch (_work)
        {
            case PoolWork.MaxForward:
                MaxPoolKernel<T>.Forward(_geometry, image, result, places);
                break;
            case PoolWork.MaxBackward:
                MaxPoolKernel<T>.Backward(_geometry, result, places, image);
                break;
            case PoolWork.AverageForward:
                AveragePoolKernel<T>.Forward(_geometry, _countsPadding, image, result);
                break;
            default:
                AveragePoolKernel<T>.Backward(_geometry, _countsPadding, result, image);
                break;
        }
    }
}
