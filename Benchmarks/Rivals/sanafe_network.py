"""Steps a second of SANA-FE on a hashed network; the one of Tests/HashedNetworks.

usage: sanafe_network.py TOPOLOGY NEURONS STEPS REPETITIONS TIMING...
"""

import json
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests" / "Oracles"))

import sanafe
from sanafe_run import network

FANOUT, PERIOD = 100, 20


def main():
    topology, neurons, steps, repetitions = sys.argv[1], *map(int, sys.argv[2:5])
    memory = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    architecture = sanafe.load_loihi()
    net = network(architecture, topology, neurons, FANOUT, PERIOD, "dense", log_spikes=False)
    chip = sanafe.SpikingChip(architecture)
    chip.load(net)
    for timing in sys.argv[5:]:
        seconds = []
        for _ in range(repetitions):
            begin = time.perf_counter()
            result = chip.sim(steps, timing_model=timing, processing_threads=1, scheduler_threads=0)
            seconds.append(time.perf_counter() - begin)
        print(
            json.dumps(
                {
                    "timing": timing,
                    "seconds": seconds,
                    "stepsPerSecond": steps / min(seconds),
                    "packets": result["packets_sent"],
                    "peakMemory_B": memory(),
                }
            )
        )


main()
