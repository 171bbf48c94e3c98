#!/usr/bin/env python3
"""The GPU bench in JAX: gpu_jax.py REQUEST (test/bench/gpu/works.ts). A line of JSON for each form as soon as it is measured.

All steps of a repetition are one jitted scan on the device. float32 in full precision (`highest`), then TF32.
"""
import json
import os
import sys
import time


def say(**line):
    print(json.dumps(line), flush=True)


try:
    import jax
    import jax.numpy as jnp
    import numpy as np
    from jax import lax
except ImportError as error:
    say(missing=f"{error}")
    sys.exit(0)

REQUEST = json.loads(sys.argv[1])
ON_CPU = jax.default_backend() == "cpu"
NOTE = {"note": "on the CPU"} if ON_CPU else {}
if ON_CPU and os.environ.get("BENCH_DEVICE") != "cpu" and not REQUEST.get("onCpu"):
    say(missing=f"JAX {jax.__version__} finds no GPU")
    sys.exit(0)
STARTED = time.perf_counter()
WHAT = REQUEST["what"]


def repeated(once):
    once()
    times, end = [], time.perf_counter() + REQUEST["seconds"]
    while len(times) < 3 or time.perf_counter() < end:
        before = time.perf_counter()
        once()
        times.append((time.perf_counter() - before) * 1e3)
    return times


def cross_entropy(logits, labels):
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1))


def dense(x, layer):
    return x @ layer[0] + layer[1]


def conv(x, layer, padding):
    return jax.nn.relu(lax.conv_general_dilated(x, layer[0], (1, 1), padding,
                                                dimension_numbers=("NHWC", "HWIO", "NHWC")) + layer[1])


def pool(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def dropout(key, x, rate):
    return jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0)


def w1_net(p, x, key):
    return dense(jax.nn.relu(dense(jax.nn.relu(dense(x, p[0])), p[1])), p[2])


def w2_net(p, x, key):
    x = pool(conv(pool(conv(x, p[0], "VALID")), p[1], "VALID"))
    x = x.reshape(len(x), -1)
    return dense(jax.nn.relu(dense(jax.nn.relu(dense(x, p[2])), p[3])), p[4])


def w3_net(p, x, key):
    keys = jax.random.split(key, 3)
    x = dropout(keys[0], pool(conv(conv(x, p[0], "SAME"), p[1], "VALID")), 0.25)
    x = dropout(keys[1], pool(conv(conv(x, p[2], "SAME"), p[3], "VALID")), 0.25)
    x = dropout(keys[2], jax.nn.relu(dense(x.reshape(len(x), -1), p[4])), 0.5)
    return dense(x, p[5])


def adam(p, g, s, t):
    m = jax.tree_util.tree_map(lambda m, g: 0.9 * m + 0.1 * g, s[0], g)
    v = jax.tree_util.tree_map(lambda v, g: 0.999 * v + 0.001 * g * g, s[1], g)
    rate = 1e-3 * jnp.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)
    return jax.tree_util.tree_map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-8), p, m, v), (m, v)


def momentum(p, g, s, t):
    v = jax.tree_util.tree_map(lambda v, g: 0.9 * v + g, s[0], g)
    return jax.tree_util.tree_map(lambda p, v: p - 0.001 * v, p, v), (v, s[1])


def rmsprop(p, g, s, t):
    v = jax.tree_util.tree_map(lambda v, g: 0.9 * v + 0.1 * g * g, s[0], g)
    return jax.tree_util.tree_map(lambda p, g, v: p - 1e-4 * g / jnp.sqrt(v + 1e-7), p, g, v), (v, s[1])


def shapes():
    w = WHAT.get("size", {}).get("width", 1)
    if WHAT["kind"] == "w1":
        return [(5, 10), (10, 10), (10, 3)]
    if WHAT["net"] == "w2":
        return [(5, 5, 3, 6 * w), (5, 5, 6 * w, 16 * w), (400 * w, 120 * w), (120 * w, 84 * w), (84 * w, 10)]
    a, b, wide = int(32 * w), int(64 * w), int(512 * w)
    return [(3, 3, 3, a), (3, 3, a, a), (3, 3, a, b), (3, 3, b, b), (36 * b, wide), (wide, 10)]


def layers(raw):
    """Weights lie as JAX wants them: HWIO and [in, out]."""
    at, found = 0, []
    for shape in shapes():
        count = int(np.prod(shape))
        found.append((raw[at:at + count].reshape(shape), raw[at + count:at + count + shape[-1]]))
        at += count + shape[-1]
    return found, at


def random_layers():
    draw = np.random.default_rng(0)
    limit = lambda shape: np.sqrt(6 / np.prod(shape[:-1]))
    return [(draw.uniform(-1, 1, s).astype("f4") * np.float32(limit(s)), np.zeros(s[-1], "f4")) for s in shapes()]


def epoch_of(net, update, precision):
    def loss_of(p, x, y, key):
        return cross_entropy(net(p, x, key), y)

    def step(carry, batch):
        p, s, t = carry
        loss, g = jax.value_and_grad(loss_of)(p, *batch, jax.random.fold_in(jax.random.PRNGKey(0), t.astype(int)))
        p, s = update(p, g, s, t)
        return (p, s, t + 1), loss

    def epoch(carry, batches):
        with jax.default_matmul_precision(precision):
            return lax.scan(step, carry, batches)

    return epoch, loss_of


def start(p):
    zeros = jax.tree_util.tree_map(jnp.zeros_like, p)
    return p, (zeros, zeros), jnp.float32(1)


def w1(precision):
    raw = open(REQUEST["data"], "rb").read()
    train, validation = (int(n) for n in np.frombuffer(raw, "<i4", 2))
    offset, parts = 8, []
    for rows in (train, validation):
        parts += [np.frombuffer(raw, "<f4", rows * 5, offset).reshape(rows, 5),
                  np.frombuffer(raw, "<i4", rows, offset + rows * 20)]
        offset += rows * 24
    x, y, xv, yv = map(jnp.asarray, parts)
    p, _ = layers(np.frombuffer(raw, "<f4", 203, offset))
    epoch, loss_of = epoch_of(w1_net, adam, precision)
    whole = train // 20 * 20
    batches = (x[:whole].reshape(-1, 20, 5), y[:whole].reshape(-1, 20))
    last = (x[None, whole:], y[None, whole:])

    @jax.jit
    def run(carry):
        def one(carry, _):
            carry, losses = epoch(carry, batches)
            carry, rest = epoch(carry, last)
            return carry, (losses, rest, loss_of(carry[0], xv, yv, None))
        return lax.scan(one, carry, None, length=WHAT["epochs"])

    carry = start(jax.tree_util.tree_map(jnp.asarray, p))
    return {"milliseconds": repeated(lambda: jax.block_until_ready(run(carry)))}


def net(precision):
    which, size, data = WHAT["net"], WHAT["size"], REQUEST["data"]
    batch = size["batch"]
    if data is None:
        p, rows = random_layers(), 4 * batch
        x, y = np.random.default_rng(1).uniform(-1, 1, (rows, 32, 32, 3)).astype("f4"), np.arange(rows) % 10
    else:
        content = open(data, "rb").read()
        raw = np.frombuffer(content, "<f4")
        p, at = layers(raw)
        rows = (len(raw) - at) // 3073
        x = raw[at:at + rows * 3072].reshape(rows, 32, 32, 3)
        y = np.frombuffer(content, "<i4", rows, (at + rows * 3072) * 4)
    batches = (jnp.asarray(x.reshape(-1, batch, 32, 32, 3)), jnp.asarray(y.reshape(-1, batch).astype("i4")))
    epoch, _ = epoch_of({"w2": w2_net, "w3": w3_net}[which], {"w2": momentum, "w3": rmsprop}[which], precision)
    turns = max(1, 64 // len(batches[0]))
    run = jax.jit(lambda carry: lax.scan(lambda c, _: epoch(c, batches), carry, None, length=turns))
    carry = start(jax.tree_util.tree_map(jnp.asarray, p))
    times = repeated(lambda: jax.block_until_ready(run(carry)))
    return {"milliseconds": [t / (turns * len(batches[0])) for t in times]}


def main():
    say(device=f"{jax.devices()[0].device_kind}, JAX {jax.__version__}")
    for name, precision in [("float32", "highest"), ("TF32", "tensorfloat32")]:
        if time.perf_counter() - STARTED < REQUEST["until"]:
            say(form=name, **(w1 if WHAT["kind"] == "w1" else net)(precision), **NOTE)


main()
