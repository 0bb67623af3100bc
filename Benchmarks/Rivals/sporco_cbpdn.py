"""Convolutional sparse coding by sporco's ConvBPDN (ADMM), float32, as it comes.

Usage: sporco_cbpdn.py CODE.npz OPTIMUM [--primal 0.01] [--certificate 0.01] [--iterations 3000] [--seconds 600]

The image, the kernels and lambda are those of a code file of `rheobase encode`; OPTIMUM is a certified lower bound of the
best objective. Prints one JSON line: the time and the iterations until the objective of the exactly sparse variable is
within 1 % of that bound, and until the duality gap of that variable alone says so (the residual scaled to be feasible).
Time spent on looking at the objective and the gap is measured apart and left out.
"""

import argparse
import json
import resource
import sys
import time

import numpy as np
import sporco
from sporco.admm.cbpdn import ConvBPDN


def spectra(kernels, shape):
    """Kernels at the corner of a circular image, transformed."""
    padded = np.zeros((len(kernels), *shape), np.float32)
    padded[:, : kernels.shape[1], : kernels.shape[2]] = kernels
    return np.fft.rfft2(padded)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("code")
    parser.add_argument("optimum", type=float)
    parser.add_argument("--primal", type=float, default=0.01)
    parser.add_argument("--certificate", type=float, default=0.01)
    parser.add_argument("--iterations", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="of the solver's own time, at the most")
    parser.add_argument("--every", type=int, default=5, help="iterations between looks")
    arguments = parser.parse_args()

    problem = np.load(arguments.code)
    image, kernels = problem["image"].astype(np.float32), problem["kernels"].astype(np.float32)
    penalty = float(problem["lambda"])
    if int(problem["boundary"]) != 1 or int(problem["stride"]) != 1:
        raise SystemExit("sporco needs a circular boundary and a stride of 1")
    transfer = spectra(kernels, image.shape)
    x = image.astype(np.float64)
    looking = 0.0
    peak = 0
    found = {}
    trace = []

    def look(solver):
        nonlocal looking, peak
        if (solver.k + 1) % arguments.every:
            return False
        began, cpu = time.perf_counter(), time.process_time()
        if not found:
            # What looking itself needs is not the solver's.
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        code = np.moveaxis(solver.Y.squeeze(), -1, 0)
        rebuilt = np.zeros_like(transfer[0])
        for one, spectrum in zip(code, transfer):
            rebuilt += np.fft.rfft2(one) * spectrum
        residual = x - np.fft.irfft2(rebuilt, s=image.shape)
        objective = 0.5 * np.sum(residual**2) + penalty * np.sum(np.abs(code), dtype=np.float64)
        transformed = np.fft.rfft2(residual)
        largest = max(
            np.abs(np.fft.irfft2(transformed * spectrum.conj(), s=image.shape)).max() for spectrum in transfer
        )
        along, square = np.sum(x * residual), np.sum(residual**2)
        scale = np.clip(along / square, -penalty / largest, penalty / largest)
        bound = scale * along - 0.5 * scale**2 * square
        state = {
            "seconds": began - start - looking,
            "cpu_s": cpu - start_cpu - look.cpu,
            "iterations": solver.k + 1,
            "objective": float(objective),
            "gap": float(objective / bound - 1) if bound > 0 else None,
        }
        if "primal" not in found and objective <= (1 + arguments.primal) * arguments.optimum:
            found["primal"] = state
        if bound > 0 and objective - bound <= arguments.certificate * bound:
            found["certificate"] = state
        trace.append(state)
        print(json.dumps(state), file=sys.stderr, flush=True)
        looking += time.perf_counter() - began
        look.cpu += time.process_time() - cpu
        return ("primal" in found and "certificate" in found) or state["seconds"] > arguments.seconds

    look.cpu = 0.0
    options = ConvBPDN.Options({
        "Verbose": False, "MaxMainIter": arguments.iterations, "RelStopTol": 1e-9, "Callback": look,
    })
    start, start_cpu = time.perf_counter(), time.process_time()
    solver = ConvBPDN(np.moveaxis(kernels, 0, -1), image, penalty, options)
    solver.solve()
    print(json.dumps({
        "rival": "sporco " + sporco.__version__, "primal": found.get("primal"),
        "certificate": found.get("certificate"), "last": trace[-1] if trace else None, "peakMemory_B": peak,
    }))


if __name__ == "__main__":
    main()
