"""Makes the ONNX files of this folder that are PyTorch's: small random networks, each with examples and the scores that PyTorch states.

    python3 make_pytorch.py FOLDER [names]

Needs torch and onnx (Debian: python3-torch, python3-onnx). Beside each NAME.onnx stands NAME.txt: the shape of the examples, the examples,
the shape of the scores and the scores, a number a word.
"""
import sys
import numpy, torch
from torch import nn

torch.manual_seed(1)


class Block(nn.Module):
    def __init__(self, channels, out, stride):
        super().__init__()
        self.first = nn.Conv2d(channels, out, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(out)
        self.second = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(out)
        self.down = None
        if stride != 1 or channels != out:
            self.down = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        y = torch.relu(self.norm(self.first(x)))
        y = self.norm2(self.second(y))
        return torch.relu(y + (x if self.down is None else self.down(x)))


class ByView(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.head = nn.Linear(4 * 4 * 4, 3)

    def forward(self, x):
        x = self.features(x)
        return self.head(x.view(x.size(0), -1))


class Mean(nn.Module):
    def forward(self, x):
        return x.mean(dim=(2, 3))


class Bounds(nn.Module):
    def forward(self, x):
        return (x / 255 - 0.25) / 0.5


class QuickMlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(6, 8, bias=False), nn.Linear(8, 4)

    def forward(self, x):
        return torch.log_softmax(self.b(torch.nn.functional.leaky_relu(self.a(x), 0.3)), 1)


networks = {
    "mlp": (nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3), nn.Softmax(dim=1)), (5,)),
    "cnn": (nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 8, 3, groups=2), nn.ELU(),
                          nn.Flatten(), nn.Linear(8 * 2 * 3, 10), nn.Tanh(), nn.Linear(10, 4)), (3, 8, 10)),
    "resnet": (nn.Sequential(nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(3, 2, 1), Block(4, 4, 1),
                             Block(4, 8, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 5)), (3, 16, 16)),
    "view": (ByView(), (2, 8, 8)),
    "activations": (nn.Sequential(nn.Linear(6, 8), nn.GELU(), nn.Linear(8, 8), nn.SiLU(), nn.Linear(8, 8), nn.Softplus(), nn.Linear(8, 8),
                                  nn.LeakyReLU(0.2), nn.Linear(8, 8), nn.GELU(approximate="tanh"), nn.LayerNorm(8), nn.Sigmoid()), (6,)),
    "mobile": (nn.Sequential(nn.Conv2d(3, 6, 3, 2, 1), nn.ReLU(), nn.Conv2d(6, 6, 3, 1, 1, groups=6), nn.BatchNorm2d(6), nn.SiLU(),
                             nn.Conv2d(6, 4, 1), nn.AvgPool2d(2), Mean(), nn.Linear(4, 2)), (3, 12, 12)),
    "convhead": (nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Conv2d(6, 4, 1), nn.Flatten()), (3, 7, 7)),
    "ceil": (nn.Sequential(nn.Conv2d(3, 4, 3), nn.MaxPool2d(3, 2, ceil_mode=True), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 3 * 3, 2)), (3, 8, 8)),
    "normalized": (nn.Sequential(Bounds(), nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 9, 2)), (3, 5, 5)),
    "imagemlp": (nn.Sequential(nn.Flatten(), nn.Linear(3 * 4 * 4, 6), nn.ReLU(), nn.Linear(6, 2)), (3, 4, 4)),
    "quick": (QuickMlp(), (6,)),
    "zeropad": (nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(3, 4, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 16, 2)), (3, 8, 8)),
    "dilated": (nn.Sequential(nn.Conv2d(2, 4, 3, padding=2, dilation=2), nn.Tanh(), nn.AvgPool2d(3, 2, 1, count_include_pad=False), nn.Flatten(),
                              nn.BatchNorm1d(4 * 9), nn.Linear(36, 2)), (2, 6, 6)),
    "autoencoder": (nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 1, 3, padding=1), nn.Sigmoid()), (1, 6, 6)),
    "bnlayers": (nn.Sequential(nn.BatchNorm1d(5), nn.Linear(5, 4, bias=False), nn.BatchNorm1d(4), nn.Hardtanh(0, 1e9), nn.Linear(4, 2)), (5,)),
}

folder = sys.argv[1]
wanted = sys.argv[2:] or networks
for name in wanted:
    network, shape = networks[name]
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
    network.eval()
    examples = torch.rand(2, *shape) * (255 if name == "normalized" else 2) - (0 if name == "normalized" else 1)
    axes = None if name in ("cnn", "view") else {"input": {0: "batch"}, "output": {0: "batch"}}
    for opset in (9, 11, 13, 17):
        path = f"{folder}/{name}" + ("" if opset == 13 or sys.argv[2:] else f"_{opset}")
        if sys.argv[2:] and opset != 13:
            continue
        try:
            torch.onnx.export(network, examples, path + ".onnx", opset_version=opset, input_names=["input"], output_names=["output"],
                              dynamic_axes=axes)
        except Exception as e:
            print(name, opset, "not exported:", str(e)[:80])
            continue
        scores = network(examples).detach().numpy()
        with open(path + ".txt", "w") as file:
            for numbers in (numpy.array(examples.shape), examples.numpy(), numpy.array(scores.shape), scores):
                file.write(" ".join(repr(number) for number in numbers.reshape(-1).tolist()) + "\n")
