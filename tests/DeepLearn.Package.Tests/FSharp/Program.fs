open System
open DeepLearn.Data
open DeepLearn.Data.Synthetic
open DeepLearn.Foundation
open DeepLearn.Layers
open DeepLearn.Models
open DeepLearn.Regularizers
open DeepLearn.Schedules
open DeepLearn.Tensors
open DeepLearn.Training

// The first program of the C# side, in F#: the same weights.
let images = SyntheticImages.Create(1UL, 600, 200)
let network = Sequential(Dense 20, Relu(), Dense 10)
let model = network.Build<float32>(images.Training.ExampleShape, 1UL)

let plan =
    TrainingPlan(
        Schedule = TriangularSchedule(1e-4, 1e-1, 12L),
        Length = TrainingLength.Cycles 2,
        BatchSize = 50,
        Regularizer = L2 0.001,
        Normalization = Normalization.PerFeature images.Training
    )

using (new WorkerPool(2)) (fun workers ->
    use trainer = new Trainer<float32>(model, plan, images.Training, images.Test, workers)
    trainer.Run() |> ignore)

// A shape is given by its extents, as in C#.
let convolutional = Sequential(Convolution2D(4, 3), Relu(), Flatten(), Dense 10)
let other = convolutional.Build<float32>(Shape(32, 32, 3), 1UL)
printfn $"weights {model.Sha256()}"
if other.Parameters.Count <> 4 then exit 1
