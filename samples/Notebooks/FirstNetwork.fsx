// Trains a small network on images that it makes itself. Run it with: dotnet fsi FirstNetwork.fsx
#r "nuget: DeepLearn.Core"

open System
open DeepLearn.Data
open DeepLearn.Data.Synthetic
open DeepLearn.Foundation
open DeepLearn.Layers
open DeepLearn.Models
open DeepLearn.Schedules
open DeepLearn.Training

let images = SyntheticImages.Create(1UL, 2_000, 500)
let network = Sequential(Dense 50, Relu(), Dense 10)
let model = network.Build<float32>(images.Training.ExampleShape, 1UL)

let plan =
    TrainingPlan(
        Schedule = TriangularSchedule(1e-5, 1e-1, 200L),
        Length = TrainingLength.Cycles 1,
        Normalization = Normalization.PerFeature images.Training
    )

let result =
    use workers = new WorkerPool(Environment.ProcessorCount)
    use trainer = new Trainer<float32>(model, plan, images.Training, images.Test, workers)
    trainer.Run()

for point in result.Curve do
    printfn $"step {point.Step}: training accuracy {point.Training.Accuracy.Value:p1}, test accuracy {point.Validation.Accuracy.Value:p1}"

printfn $"weights {model.Sha256()}"
