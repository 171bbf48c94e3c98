#!/usr/bin/python3
"""Matrix products in PyTorch: gemm_torch.py THREADS SECONDS MxNxK ... Prints one JSON line as gemmOurs.ts does."""
import json
import sys
import time

import torch


def values(rows, columns):
    return (((torch.arange(rows * columns) * 7) % 13) / 8 - 0.75).reshape(rows, columns)


def speeds(left, right, out, wanted):
    found, end = [], time.perf_counter() + wanted
    while time.perf_counter() < end:
        started = time.perf_counter()
        torch.mm(left, right, out=out)
        flops = 2 * left.shape[0] * left.shape[1] * right.shape[1]
        found.append(flops / (time.perf_counter() - started) / 1e9)
    return sorted(found)[len(found) // 2]


def main():
    threads, seconds = int(sys.argv[1]), float(sys.argv[2])
    torch.set_num_threads(threads)
    gflops, checks = [], []
    for shape in sys.argv[3:]:
        m, n, k = map(int, shape.split("x"))
        left, right, out = values(m, k), values(k, n), torch.empty(m, n)
        speeds(left, right, out, seconds / 2)
        gflops.append(speeds(left, right, out, seconds))
        checks.append(out[-1, -1].item())
    openblas = "openblas" in open("/proc/self/maps").read()
    print(json.dumps({"gflops": gflops, "checks": checks, "openblas": openblas}))


main()
