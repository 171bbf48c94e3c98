"""Loads an exported state_dict as a user would, strictly into a module, and prints what the module has."""
import json
import sys

import torch
from torch import nn


class Lab(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(5, 10)
        self.fc2 = nn.Linear(10, 10)
        self.fc3 = nn.Linear(10, 3)


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn = nn.BatchNorm1d(2)


module = {"lab": Lab, "bn": Norm}[sys.argv[2]]()
state = torch.load(sys.argv[1], weights_only=True)
result = module.load_state_dict(state)
assert not result.missing_keys and not result.unexpected_keys
print(json.dumps({
    name: {"shape": list(t.shape), "dtype": str(t.dtype), "values": t.flatten().tolist()}
    for name, t in module.state_dict().items()
}))
