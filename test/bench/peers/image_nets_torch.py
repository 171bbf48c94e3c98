#!/usr/bin/python3
"""A step of W2 or W3 in PyTorch: image_nets_torch.py WORK.

WORK is JSON: net (w2 or w3), batch, width, threads, seconds, layout (contiguous or channels_last), and data, the file that
test/bench/imageNets.ts describes. Prints one JSON line: wall and processor milliseconds of each step after a warm-up, the
loss of the first batch before training and without dropout, and whether the BLAS is OpenBLAS.
"""
import json
import os
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class W2(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.parts = nn.ModuleList([nn.Conv2d(3, 6 * w, 5), nn.Conv2d(6 * w, 16 * w, 5), nn.Linear(400 * w, 120 * w),
                                    nn.Linear(120 * w, 84 * w), nn.Linear(84 * w, 10)])

    def forward(self, x):
        conv1, conv2, fc1, fc2, fc3 = self.parts
        x = F.max_pool2d(F.relu(conv2(F.max_pool2d(F.relu(conv1(x)), 2))), 2)
        return fc3(F.relu(fc2(F.relu(fc1(torch.flatten(x, 1))))))


class W3(nn.Module):
    def __init__(self, w):
        super().__init__()
        a, b = 32 * w, 64 * w
        self.parts = nn.ModuleList([nn.Conv2d(3, a, 3, padding=1), nn.Conv2d(a, a, 3), nn.Conv2d(a, b, 3, padding=1),
                                    nn.Conv2d(b, b, 3), nn.Linear(36 * b, 512 * w), nn.Linear(512 * w, 10)])

    def forward(self, x):
        conv1, conv2, conv3, conv4, fc1, fc2 = self.parts
        x = F.dropout(F.max_pool2d(F.relu(conv2(F.relu(conv1(x)))), 2), 0.25, self.training)
        x = F.dropout(F.max_pool2d(F.relu(conv4(F.relu(conv3(x)))), 2), 0.25, self.training)
        return fc2(F.dropout(F.relu(fc1(torch.flatten(x, 1))), 0.5, self.training))


def load(model, raw):
    """Weights from HWIO and [in, out]; the first dense layer's rows come in the order of NHWC pixels."""
    at, channels, is_first = 0, 0, True
    for part in model.parts:
        shape = part.weight.shape
        count = part.weight.numel()
        values = torch.tensor(raw[at:at + count])
        if isinstance(part, nn.Conv2d):
            out, inputs, rows, columns = shape
            weight = values.reshape(rows, columns, inputs, out).permute(3, 2, 0, 1)
            channels = out
        else:
            weight = values.reshape(shape[1], shape[0])
            if is_first:
                side = int((shape[1] // channels) ** 0.5)
                weight = weight.reshape(side, side, channels, shape[0]).permute(2, 0, 1, 3).reshape(shape[1], shape[0])
                is_first = False
            weight = weight.t()
        part.weight.data = weight.contiguous()
        at += count
        part.bias.data = torch.tensor(raw[at:at + shape[0]])
        at += shape[0]
    return at


def blas():
    torch.mm(torch.rand(64, 64), torch.rand(64, 64))
    return "openblas" in open("/proc/self/maps").read()


def main():
    work = json.loads(sys.argv[1])
    which, batch, layout = work["net"], work["batch"], work["layout"]
    torch.set_num_threads(work["threads"])
    torch.manual_seed(0)
    model = {"w2": W2, "w3": W3}[which](work["width"])
    content = open(work["data"], "rb").read()
    raw = np.frombuffer(content, "<f4")
    at = load(model, raw)
    rows = (len(raw) - at) // 3073
    x = torch.tensor(raw[at:at + rows * 3072].reshape(rows, 32, 32, 3)).permute(0, 3, 1, 2).contiguous()
    y = torch.tensor(np.frombuffer(content, "<i4", rows, (at + rows * 3072) * 4).astype(np.int64))
    if layout == "channels_last":
        model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    if which == "w2":
        optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9, foreach=True)
    else:
        optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-4, alpha=0.9, eps=1e-7, foreach=True)
    batches = list(zip(x.split(batch), y.split(batch)))

    def step(bx, by):
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(bx), by)
        loss.backward()
        optimizer.step()

    def run(wanted):
        wall, cpu, end, i = [], [], time.perf_counter() + wanted, 0
        chunk = max(1, 80 // batch) if which == "w2" else 1
        while time.perf_counter() < end:
            started, used = time.perf_counter(), time.process_time()
            for _ in range(chunk):
                step(*batches[i % len(batches)])
                i += 1
            wall.append((time.perf_counter() - started) * 1e3 / chunk)
            cpu.append((time.process_time() - used) * 1e3 / chunk)
        return wall, cpu

    model.eval()
    with torch.no_grad():
        loss = F.cross_entropy(model(batches[0][0]), batches[0][1]).item()
    model.train()
    step(*batches[0])
    startup = time.time() * 1e3 - float(os.environ["BENCH_STARTED"])
    run(work["seconds"] / 2)
    wall, cpu = run(work["seconds"])
    print(json.dumps({"milliseconds": wall, "cpu": cpu, "loss": loss, "openblas": blas(), "startup": startup,
                      "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


main()
