#!/usr/bin/env python3
"""The GPU bench in PyTorch: gpu_torch.py REQUEST (test/bench/gpu/works.ts). A line of JSON for each form as soon as it is measured.

Forms: eager, CUDA graph and torch.compile, each in float32 (TF32 off), AMP (float16 with a gradient scaler) and TF32. Every
repetition ends with a synchronisation, after many steps, as ours does. Without CUDA, and where the request allows it or with
BENCH_DEVICE=cpu, eager float32 alone on the processor, and every line says so.
"""
import json
import os
import sys
import time


def say(**line):
    print(json.dumps(line), flush=True)


try:
    import numpy as np
    import torch
    import torch.nn.functional as F
    from torch import nn
except ImportError as error:
    say(missing=f"{error}")
    sys.exit(0)

REQUEST = json.loads(sys.argv[1])
ON_CPU = os.environ.get("BENCH_DEVICE") == "cpu" or (REQUEST.get("onCpu") and not torch.cuda.is_available())
DEVICE = "cpu" if ON_CPU else "cuda"
NOTE = {"note": "on the CPU"} if ON_CPU else {}
if DEVICE == "cuda" and not torch.cuda.is_available():
    say(missing=f"PyTorch {torch.__version__} finds no CUDA device")
    sys.exit(0)
STARTED = time.perf_counter()
WHAT = REQUEST["what"]
PRECISIONS = ["float32", "AMP", "TF32"] if DEVICE == "cuda" else ["float32"]
EXECUTIONS = ["eager", "CUDA graph", "torch.compile"] if DEVICE == "cuda" else ["eager"]


def has_time():
    return time.perf_counter() - STARTED < REQUEST["until"]


def synchronize():
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def use(precision):
    torch.backends.cuda.matmul.allow_tf32 = precision == "TF32"
    torch.backends.cudnn.allow_tf32 = precision == "TF32"
    torch.backends.cudnn.benchmark = True


def repeated(once):
    """Repetitions until the time is up, at least three, after one that does not count."""
    once()
    synchronize()
    times, end = [], time.perf_counter() + REQUEST["seconds"]
    while len(times) < 3 or time.perf_counter() < end:
        before = time.perf_counter()
        once()
        synchronize()
        times.append((time.perf_counter() - before) * 1e3)
    return times


class W1(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleList([nn.Linear(5, 10), nn.Linear(10, 10), nn.Linear(10, 3)])

    def forward(self, x):
        fc1, fc2, fc3 = self.parts
        return fc3(torch.relu(fc2(torch.relu(fc1(x)))))


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
        a, b, wide = int(32 * w), int(64 * w), int(512 * w)
        self.parts = nn.ModuleList([nn.Conv2d(3, a, 3, padding=1), nn.Conv2d(a, a, 3), nn.Conv2d(a, b, 3, padding=1),
                                    nn.Conv2d(b, b, 3), nn.Linear(36 * b, wide), nn.Linear(wide, 10)])

    def forward(self, x):
        conv1, conv2, conv3, conv4, fc1, fc2 = self.parts
        x = F.dropout(F.max_pool2d(F.relu(conv2(F.relu(conv1(x)))), 2), 0.25, self.training)
        x = F.dropout(F.max_pool2d(F.relu(conv4(F.relu(conv3(x)))), 2), 0.25, self.training)
        return fc2(F.dropout(F.relu(fc1(torch.flatten(x, 1))), 0.5, self.training))


def load(model, raw):
    """Weights from HWIO and [in, out]; the first dense layer behind images has its rows in the order of NHWC pixels."""
    at, channels = 0, 0
    for part in model.parts:
        shape = part.weight.shape
        values = torch.tensor(raw[at:at + part.weight.numel()])
        at += part.weight.numel()
        if isinstance(part, nn.Conv2d):
            out, inputs, rows, columns = shape
            weight, channels = values.reshape(rows, columns, inputs, out).permute(3, 2, 0, 1), out
        else:
            weight = values.reshape(shape[1], shape[0])
            if channels:
                side = int((shape[1] // channels) ** 0.5)
                weight = weight.reshape(side, side, channels, shape[0]).permute(2, 0, 1, 3).reshape(shape[1], shape[0])
                channels = 0
            weight = weight.t()
        part.weight.data = weight.contiguous()
        part.bias.data = torch.tensor(raw[at:at + shape[0]])
        at += shape[0]
    return at


class Training:
    """One step on buffers that stay where they are, as a CUDA graph needs."""

    def __init__(self, model, optimizer, batches, precision, execution):
        self.model, self.optimizer, self.batches = model, optimizer, batches
        self.amp = precision == "AMP"
        self.scaler = torch.cuda.amp.GradScaler(enabled=self.amp) if DEVICE == "cuda" else None
        self.x, self.y = batches[0][0].clone(), batches[0][1].clone()
        self.at = 0
        self.compute = torch.compile(self.plain) if execution == "torch.compile" else self.plain
        self.graph = None
        for _ in range(3):
            self.eager()
        if execution == "CUDA graph":
            self.capture()

    def plain(self, x, y):
        return F.cross_entropy(self.model(x), y)

    def eager(self):
        self.optimizer.zero_grad(set_to_none=True)
        if self.amp:
            with torch.autocast("cuda", dtype=torch.float16):
                loss = self.compute(self.x, self.y)
            self.scaler.scale(loss).backward()
            self.scaler.step(self.optimizer)
            self.scaler.update()
        else:
            self.compute(self.x, self.y).backward()
            self.optimizer.step()

    def capture(self):
        """The scaler decides on the host whether to step: under AMP the graph has forward and backward, as PyTorch's docs do it."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.eager()
        torch.cuda.current_stream().wait_stream(stream)
        self.graph = torch.cuda.CUDAGraph()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.cuda.graph(self.graph):
            if self.amp:
                with torch.autocast("cuda", dtype=torch.float16):
                    loss = self.plain(self.x, self.y)
                self.scaler.scale(loss).backward()
            else:
                self.plain(self.x, self.y).backward()
                self.optimizer.step()

    def step(self):
        x, y = self.batches[self.at % len(self.batches)]
        self.at += 1
        self.x.copy_(x)
        self.y.copy_(y)
        if self.graph is None:
            self.eager()
            return
        self.graph.replay()
        if self.amp:
            self.scaler.step(self.optimizer)
            self.scaler.update()


def forms():
    for precision in PRECISIONS:
        for execution in EXECUTIONS:
            if not has_time():
                return
            use(precision)
            yield precision, execution


def attempt(precision, execution, measure):
    """A form that fails is named, and the others go on."""
    try:
        say(form=f"{execution}, {precision}", **measure(), **NOTE)
    except Exception as error:  # whatever this PyTorch has against it
        text = (str(error).strip().split("\n") or [""])[0][:160]
        print(f"{execution}, {precision}: {type(error).__name__}: {text}", file=sys.stderr)
    if DEVICE == "cuda":
        torch.cuda.empty_cache()


def net(precision, execution):
    which, size, data = WHAT["net"], WHAT["size"], REQUEST["data"]
    torch.manual_seed(0)
    model = {"w2": W2, "w3": W3}[which](size["width"])
    if data is None:
        rows = 4 * size["batch"]
        x, y = torch.rand(rows, 3, 32, 32) * 2 - 1, torch.arange(rows) % 10
    else:
        content = open(data, "rb").read()
        raw = np.frombuffer(content, "<f4")
        at = load(model, raw)
        rows = (len(raw) - at) // 3073
        x = torch.tensor(raw[at:at + rows * 3072].reshape(rows, 32, 32, 3)).permute(0, 3, 1, 2)
        y = torch.tensor(np.frombuffer(content, "<i4", rows, (at + rows * 3072) * 4).astype(np.int64))
    layout = torch.channels_last
    model, x, y = model.to(DEVICE, memory_format=layout), x.to(DEVICE).contiguous(memory_format=layout), y.to(DEVICE)
    extra = {"capturable": True} if execution == "CUDA graph" and which == "w3" else {}
    if which == "w2":
        optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9, foreach=True)
    else:
        optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-4, alpha=0.9, eps=1e-7, foreach=True, **extra)
    batches = list(zip(x.split(size["batch"]), y.split(size["batch"])))
    first = {}
    if data is not None:
        model.eval()
        with torch.no_grad():
            first["loss"] = F.cross_entropy(model(batches[0][0]), batches[0][1]).item()
    model.train()
    training = Training(model, optimizer, batches, precision, execution)
    synchronize()
    before = time.perf_counter()
    training.step()
    synchronize()
    count = max(1, min(1000, int(REQUEST["seconds"] / 20 / max(1e-5, time.perf_counter() - before))))
    times = repeated(lambda: [training.step() for _ in range(count)])
    return {"milliseconds": [t / count for t in times], **first}


def w1(precision, execution):
    raw = open(REQUEST["data"], "rb").read()
    train, validation = (int(n) for n in np.frombuffer(raw, "<i4", 2))
    offset, parts = 8, []
    for rows in (train, validation):
        parts.append(torch.tensor(np.frombuffer(raw, "<f4", rows * 5, offset).reshape(rows, 5)).to(DEVICE))
        parts.append(torch.tensor(np.frombuffer(raw, "<i4", rows, offset + rows * 20).astype(np.int64)).to(DEVICE))
        offset += rows * 24
    x, y, xv, yv = parts
    model = W1()
    load(model, np.frombuffer(raw, "<f4", 203, offset))
    model = model.to(DEVICE)
    extra = {"capturable": True} if execution == "CUDA graph" else {}
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=True, **extra)
    whole = len(x) // 20 * 20
    batches = list(zip(x[:whole].split(20), y[:whole].split(20)))
    training = Training(model, optimizer, batches, precision, execution)
    last = (x[whole:], y[whole:])

    def rest():
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(model(last[0]), last[1]).backward()
        optimizer.step()

    def once():
        for _ in range(WHAT["epochs"]):
            for _ in batches:
                training.step()
            rest()
            with torch.no_grad():
                F.cross_entropy(model(xv), yv).item()

    return {"milliseconds": repeated(once)}


def gemm(precision, size):
    use("TF32" if precision == "TF32" else "float32")
    dtype = torch.float16 if precision == "float16" else torch.float32
    left, right = (torch.rand(size, size, device=DEVICE, dtype=dtype) - 0.5 for _ in range(2))
    out = torch.empty(size, size, device=DEVICE, dtype=dtype)
    torch.mm(left, right, out=out)
    synchronize()
    before = time.perf_counter()
    torch.mm(left, right, out=out)
    synchronize()
    count = max(1, min(1000, int(REQUEST["seconds"] / 10 / max(1e-6, time.perf_counter() - before))))
    times = repeated(lambda: [torch.mm(left, right, out=out) for _ in range(count)])
    return {"milliseconds": [t / count for t in times], "operations": 2 * size ** 3}


def main():
    name = torch.cuda.get_device_name() if DEVICE == "cuda" else "CPU"
    say(device=f"{name}, PyTorch {torch.__version__}")
    if WHAT["kind"] == "gemm":
        for precision in ["float32", "float16", "TF32"] if DEVICE == "cuda" else ["float32"]:
            for size in WHAT["sizes"]:
                if has_time():
                    say(form=f"{size}, {precision}", **gemm(precision, size), **NOTE)
        return
    measure = w1 if WHAT["kind"] == "w1" else net
    precisions = ["float32"] if WHAT["kind"] == "w1" else PRECISIONS
    for precision, execution in forms():
        if precision in precisions:
            attempt(precision, execution, lambda: measure(precision, execution))


main()
