"""Carries weights from PyTorch and back to it, by npz files.

    python3 pytorch.py make FOLDER     a network of PyTorch's: its weights, examples and the scores that PyTorch states, pytorch.npz
    python3 pytorch.py check FILE      loads weights that the library wrote, and exits with 0 where PyTorch gives the scores of the file

Needs torch and numpy (Debian: python3-torch).
"""
import sys
import numpy
import torch
from torch import nn


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Linear(4 * 3 * 2, 5)

    def forward(self, x):
        x = self.pool(torch.relu(self.norm(self.conv(x))))
        return self.head(x.flatten(1))


torch.manual_seed(1)
network = Network()
network.train()
with torch.no_grad():
    for _ in range(3):
        network(torch.randn(16, 3, 6, 4))
network.eval()

if sys.argv[1] == "make":
    x = torch.randn(7, 3, 6, 4)
    with torch.no_grad():
        arrays = {name: value.numpy() for name, value in network.state_dict().items() if value.ndim > 0}
        numpy.savez(f"{sys.argv[2]}/pytorch.npz", x=x.permute(0, 2, 3, 1).numpy(), scores=network(x).numpy(), **arrays)
else:
    arrays = numpy.load(sys.argv[2])
    state = {name: torch.from_numpy(arrays[name]) for name, value in network.state_dict().items() if value.ndim > 0}
    network.load_state_dict(state, strict=False)
    with torch.no_grad():
        scores = network(torch.from_numpy(arrays["x"]).permute(0, 3, 1, 2)).numpy()
    difference = abs(scores - arrays["scores"]).max() / abs(scores).max()
    print("difference", difference)
    sys.exit(0 if difference < 1e-5 else 1)
