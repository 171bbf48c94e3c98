"""Loads an exported state_dict strictly into a net over images, as a user would write it, and prints what it predicts."""
import json
import math
import sys

import torch
from torch import nn


class Separable(nn.Module):
    def __init__(self):
        super().__init__()
        self.depthwise = nn.Conv2d(5, 10, 2, groups=5, bias=False)
        self.pointwise = nn.Conv2d(10, 3, 1)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, (3, 2))
        self.each = nn.Conv2d(4, 8, 2, groups=4)
        self.up = nn.ConvTranspose2d(8, 5, 2)
        self.group = nn.GroupNorm(1, 5, eps=1e-3)
        self.sep = Separable()
        self.pool = nn.MaxPool2d(2, 1)
        self.norm = nn.BatchNorm1d(3 * 2 * 2, eps=1e-3)
        self.fc = nn.Linear(3 * 2 * 2, 3)

    def forward(self, x):
        x = self.pool(self.sep(self.group(self.up(self.each(torch.relu(self.conv(x)))))))
        return torch.softmax(self.fc(self.norm(torch.flatten(x, 1))), -1)


values = [2 * math.sin(12.9898 * i * i + 4.1414 * i + 0.3) for i in range(3 * 6 * 5 * 2)]
rows = torch.tensor(values).reshape(3, 6, 5, 2).permute(0, 3, 1, 2)
net = Net()
result = net.load_state_dict(torch.load(sys.argv[1], weights_only=True))
assert not result.missing_keys and not result.unexpected_keys
with torch.no_grad():
    print(json.dumps(net.eval()(rows).flatten().tolist()))
