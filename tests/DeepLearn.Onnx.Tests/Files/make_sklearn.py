"""Makes the ONNX files of this folder that are scikit-learn's: small networks, each with examples and the probabilities or numbers that
scikit-learn states.

    python3 make_sklearn.py FOLDER

Needs scikit-learn, skl2onnx and onnx. Beside each NAME.onnx stands NAME.txt: the shape of the examples, the examples, the shape of the
predictions and the predictions, a number a word.
"""
import sys
import warnings
import numpy
from sklearn.linear_model import LogisticRegression, LinearRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, MinMaxScaler
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType

warnings.filterwarnings("ignore")
folder = sys.argv[1]
random = numpy.random.RandomState(1)
x = (random.randn(60, 4) * [1, 2, 3, 4] + [0, 1, 2, 3]).astype(numpy.float32)
three = (x[:, 0] > 0).astype(int) + (x[:, 1] > 1)
names = numpy.array(["ash", "birch", "cedar"])[three]


def save(name, model, targets, predict, **options):
    model.fit(x, targets)
    onnx = convert_sklearn(
        model, initial_types=[("X", FloatTensorType([None, 4]))], target_opset=options.pop("opset", 15),
        options={id(model): options} if options else None)
    with open(f"{folder}/{name}.onnx", "wb") as file:
        file.write(onnx.SerializeToString())
    given, found = x[:5], numpy.asarray(getattr(model, predict)(x[:5].astype(numpy.float64)))
    found = found.reshape(len(given), -1)
    with open(f"{folder}/{name}.txt", "w") as file:
        for numbers in (given, found):
            file.write(" ".join(str(extent) for extent in numbers.shape) + "\n")
            file.write(" ".join(repr(float(number)) for number in numbers.ravel()) + "\n")
    print(name, [f"{n.domain}.{n.op_type}" for n in onnx.graph.node], [o.name for o in onnx.graph.output])


def mlp(**more):
    return MLPClassifier((6, 5), random_state=1, max_iter=60, **more)


save("sklearn-classes", mlp(), names, "predict_proba")
save("sklearn-numbers", mlp(activation="tanh"), three, "predict_proba", zipmap=False)
save("sklearn-binary", mlp(activation="logistic"), three > 0, "predict_proba")
save("sklearn-pipeline", make_pipeline(StandardScaler(), mlp()), names, "predict_proba")
save("sklearn-range", make_pipeline(MinMaxScaler(), mlp()), names, "predict_proba", zipmap=False)
save("sklearn-regression", MLPRegressor((7,), random_state=1, max_iter=60), x[:, 0] * 3 - x[:, 1], "predict")
save("sklearn-logistic", LogisticRegression(), names, "predict_proba")
save("sklearn-logistic2", LogisticRegression(), three > 0, "predict_proba", zipmap=False)
save("sklearn-linear", LinearRegression(), x[:, 0] * 3 - x[:, 1], "predict")
