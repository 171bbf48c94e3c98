#!/usr/bin/python3
"""W1 (the penguins lab) in PyTorch: w1_torch.py DATA naive|optimised THREADS EPOCHS REPEATS. Prints one JSON line.

DATA is the file that test/bench/w1Data.ts describes. `naive` is the lab's loop (DataLoader, .item() every batch);
`optimised` is the best we know for eager PyTorch: presplit batches, foreach Adam, one synchronisation an epoch.
Both report loss and accuracy of training and validation each epoch, as our run does.
"""
import json
import sys
import time

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

BATCH = 20


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = torch.nn.Linear(5, 10), torch.nn.Linear(10, 10), torch.nn.Linear(10, 3)

    def forward(self, x):
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


def read(path):
    raw = open(path, "rb").read()
    train, validation = np.frombuffer(raw, "<i4", 2)
    offset, parts = 8, []
    for rows in (train, validation):
        x = np.frombuffer(raw, "<f4", rows * 5, offset).reshape(rows, 5)
        y = np.frombuffer(raw, "<i4", rows, offset + rows * 20)
        offset += rows * 24
        parts += [torch.tensor(x), torch.tensor(y.astype(np.int64))]
    weights = np.frombuffer(raw, "<f4", 203, offset)
    return parts, weights


def model_from(weights):
    net, at = Net(), 0
    for layer, (n_in, n_out) in zip((net.fc1, net.fc2, net.fc3), ((5, 10), (10, 10), (10, 3))):
        kernel = torch.tensor(weights[at:at + n_in * n_out].reshape(n_in, n_out))
        layer.weight.data = kernel.t().contiguous()
        layer.bias.data = torch.tensor(weights[at + n_in * n_out:at + n_in * n_out + n_out])
        at += n_in * n_out + n_out
    return net


def naive(data, weights, epochs):
    x, y, xv, yv = data
    model, loss_of = model_from(weights), torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    train = DataLoader(TensorDataset(x, y), batch_size=BATCH)
    validation = DataLoader(TensorDataset(xv, yv), batch_size=BATCH)
    for _ in range(epochs):
        total, right = 0.0, 0
        for bx, by in train:
            optimizer.zero_grad()
            out = model(bx)
            loss = loss_of(out, by)
            loss.backward()
            optimizer.step()
            total += loss.item()
            right += (out.argmax(1) == by).sum().item()
        correct = val_loss = 0
        with torch.no_grad():
            for bx, by in validation:
                out = model(bx)
                val_loss += loss_of(out, by).item()
                correct += (out.argmax(1) == by).sum().item()
    return total / len(train)


def optimised(data, weights, epochs):
    x, y, xv, yv = data
    model, loss_of = model_from(weights), torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=True)
    batches = list(zip(x.split(BATCH), y.split(BATCH)))
    for _ in range(epochs):
        losses, right = [], []
        for bx, by in batches:
            optimizer.zero_grad(set_to_none=True)
            out = model(bx)
            loss = loss_of(out, by)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
            right.append((out.detach().argmax(1) == by).sum())
        with torch.no_grad():
            out = model(xv)
            val_loss, accuracy = loss_of(out, yv), (out.argmax(1) == yv).float().mean()
        mean, _ = torch.stack(losses).mean().item(), torch.stack(right).sum().item()
        val_loss.item(), accuracy.item()
    return mean


def main():
    path, which, threads, epochs, repeats = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    torch.set_num_threads(threads)
    data, weights = read(path)
    run = {"naive": naive, "optimised": optimised}[which]
    run([part[:200] for part in data], weights, 2)
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        loss = run(data, weights, epochs)
        times.append((time.perf_counter() - started) * 1e3)
    print(json.dumps({"peer": f"PyTorch {torch.__version__} {which}", "milliseconds": times, "loss": loss}))


main()
