"""The bare algorithm of `rheobase run --model delta` in PyTorch: dense convolutions, float32, no chip.

Two ways to apply the Gram operator, both timed: convolution with its table (as lca-pytorch does), and synthesis followed by
analysis. The image is noise: the time does not depend on it.

usage: lca_torch.py BANK.npz SIZE STRIDE LAMBDA STEPS THREADS
"""

import json
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F


def lateral(kernels, stride):
    """G's table without its own entry: offsets of whole strides at which two kernels overlap."""
    size = kernels.shape[-1]
    reach = (size - 1) // stride * stride
    return F.conv2d(F.pad(kernels, [reach] * 4), kernels, stride=stride).transpose(0, 1).flip(-1, -2).contiguous()


def run(drive, interact, lam, threshold, eta, steps):
    u, sent, goal = torch.zeros_like(drive), torch.zeros_like(drive), drive.clone()
    for _ in range(steps):
        u += eta * (goal + sent - u)
        a = torch.sign(u) * torch.clamp(u.abs() - lam, min=0)
        change = a - sent
        change[change.abs() < threshold] = 0
        sent += change
        goal -= interact(change)
    return sent


def main():
    path, size, stride, lam, steps, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), *map(
        int, sys.argv[5:7]
    )
    torch.set_num_threads(threads)
    kernels = torch.from_numpy(np.load(path)["kernels"].astype(np.float32))[:, None]
    kernels /= kernels.flatten(1).norm(dim=1)[:, None, None, None]
    image = torch.from_numpy(np.random.default_rng(1).standard_normal((1, 1, size, size), dtype=np.float32))
    drive = F.conv2d(image, kernels, stride=stride)
    table = lateral(kernels, stride)
    ways = {
        "table": lambda a: F.conv2d(a, table, padding=table.shape[-1] // 2),
        "synthesis": lambda a: F.conv2d(
            F.conv_transpose2d(a, kernels, stride=stride, output_padding=(size - kernels.shape[-1]) % stride),
            kernels,
            stride=stride,
        ),
    }
    probe = torch.randn_like(drive)
    error = float((ways["table"](probe) - ways["synthesis"](probe)).abs().max())
    assert error < 1e-2, error
    seconds = {}
    with torch.no_grad():
        for name, interact in ways.items():
            begin = time.perf_counter()
            run(drive, interact, lam, lam / 4, 1 / 128, steps)
            seconds[name] = time.perf_counter() - begin
    print(
        json.dumps(
            {
                "seconds": seconds,
                "peakMemory_B": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            }
        )
    )


main()
