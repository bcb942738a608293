"""Files that are Keras's own: small networks with random weights, exported by Keras, each with examples and the scores that Keras states.

    KERAS_BACKEND=torch python3 make_keras.py FOLDER

Needs Keras 3.8 or later with a backend for which it exports ONNX. Beside each NAME.onnx stands NAME.txt: the shape of the examples, the
examples, the shape of the scores and the scores, a number a word.
"""
import os
import sys
import warnings
import numpy
import keras
from keras import layers

warnings.filterwarnings("ignore")
keras.utils.set_random_seed(1)


def residual():
    image = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(image)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    y = layers.Conv2D(4, 3, padding="same")(x)
    y = layers.BatchNormalization()(y)
    x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(5)(x))


networks = {
    "keras-dense": keras.Sequential([
        keras.Input((6,)), layers.Dense(8, activation="relu"), layers.Dropout(0.2), layers.Dense(7, activation="tanh"),
        layers.BatchNormalization(), layers.Dense(3, activation="softmax")]),
    "keras-binary": keras.Sequential([
        keras.Input((5,)), layers.Dense(6, activation="elu"), layers.Dense(6, activation="silu"), layers.LeakyReLU(0.2), layers.Dense(1, activation="sigmoid")]),
    "keras-images": keras.Sequential([
        keras.Input((8, 10, 3)), layers.Rescaling(1 / 255), layers.Conv2D(4, 3, padding="same", activation="relu"), layers.BatchNormalization(),
        layers.MaxPooling2D(), layers.Conv2D(6, 3, activation="relu"), layers.AveragePooling2D((2, 1)), layers.Flatten(), layers.Dense(8, activation="relu"),
        layers.Dense(5, activation="softmax")]),
    "keras-strided": keras.Sequential([
        keras.Input((9, 9, 2)), layers.Conv2D(4, 3, strides=2, padding="same"), layers.ReLU(), layers.DepthwiseConv2D(3, padding="same"),
        layers.BatchNormalization(), layers.ReLU(), layers.SeparableConv2D(6, 3), layers.GlobalAveragePooling2D(), layers.Dense(3)]),
    "keras-residual": residual(),
    "keras-normalized": keras.Sequential([
        keras.Input((6,)), layers.Dense(8, activation="gelu"), layers.LayerNormalization(), layers.Dense(8, activation="softplus"), layers.Dense(2)]),
    "keras-shaped": keras.Sequential([
        keras.Input((48,)), layers.Reshape((4, 4, 3)), layers.Conv2D(4, 2, dilation_rate=2, groups=1), layers.ReLU(), layers.Conv2D(4, 1, groups=2),
        layers.Flatten(), layers.Dense(2)]),
    "keras-planar": keras.Sequential([
        keras.Input((3, 8, 8)), layers.Conv2D(4, 3, padding="same", activation="relu", data_format="channels_first"),
        layers.MaxPooling2D(data_format="channels_first"), layers.Flatten(data_format="channels_first"), layers.Dense(4)]),
}

random = numpy.random.RandomState(1)
for name in sys.argv[2:] or networks:
    network = networks[name]
    for layer in network._flatten_layers():
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights([random.uniform(0.5, 1.5, w.shape) if i in (0, 3) else random.uniform(-0.5, 0.5, w.shape) for i, w in enumerate(layer.get_weights())])
        elif layer.get_weights():
            layer.set_weights([w if w.ndim > 1 else random.uniform(-0.5, 0.5, w.shape) + (w == 1) for w in layer.get_weights()])
    examples = random.uniform(-1, 1, (1, *network.input_shape[1:])).astype("float32") * (255 if name == "keras-images" else 1)
    scores = network.predict(examples, verbose=0)
    path = os.path.join(sys.argv[1], name)
    network.export(path + ".onnx", format="onnx", verbose=False)
    with open(path + ".txt", "w") as file:
        for numbers in (numpy.array(examples.shape), examples, numpy.array(scores.shape), scores):
            file.write(" ".join(repr(number) for number in numbers.reshape(-1).tolist()) + "\n")
    print(name, os.path.getsize(path + ".onnx"), scores.reshape(-1)[:3])
