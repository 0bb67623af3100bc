"""Runs a hashed network on SANA-FE's Loihi and writes what happened as JSON: spikes, counts, energies, times of steps.

The network is the one of Tests/HashedNetworks/HashedNetwork.swift: everything is a hash of an integer (splitmix64), so that
two programs build the same one without a file between them.

usage: sanafe_run.py TOPOLOGY NEURONS FANOUT PERIOD STEPS FORMAT CYCLE_STEPS OUTPUT.json
"""

import json
import sys

import numpy as np
import sanafe

POTENTIAL_SEED, TARGET_SEED, WEIGHT_SEED = 1 << 60, 2 << 60, 3 << 60
NEURONS_PER_CORE = 1024
BATCH = 1000


def hashed(values):
    """splitmix64's output function (Steele, Lea, Flood 2014)."""
    with np.errstate(over="ignore"):
        z = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def weights(synapses):
    """Multiples of 1/64 from -1/4 to 1/4."""
    return ((hashed(synapses + np.uint64(WEIGHT_SEED)) % np.uint64(33)).astype(np.int64) - 16) / 64


def edges(topology, first, end, neurons, fanout):
    """Sources, targets and weights of the synapses of sources first ... end - 1."""
    if topology == "grid":
        return grid_edges(first, end, neurons)
    source = np.repeat(np.arange(first, end), fanout)
    k = np.tile(np.arange(fanout), end - first)
    synapse = (source * fanout + k).astype(np.uint64)
    if topology == "rand":
        target = (hashed(synapse + np.uint64(TARGET_SEED)) % np.uint64(neurons)).astype(np.int64)
    elif topology == "local":
        offset = k - fanout // 2
        target = (source + offset + (offset >= 0)) % neurons
    elif topology == "all":
        target = k
    else:
        sys.exit(f"unknown topology {topology}; known: rand, local, all, grid")
    return source, target, weights(synapse)


def grid_edges(first, end, neurons):
    """A square grid, convolved within its borders with a kernel of 3 x 3: the weights of synapses 0 ... 8."""
    side = round(neurons**0.5)
    kernel = weights(np.arange(9, dtype=np.uint64))
    rows = []
    for source in range(first, end):
        for offset in range(9):
            row, column = source // side + 1 - offset // 3, source % side + 1 - offset % 3
            if 0 <= row < side and 0 <= column < side:
                rows.append((source, row * side + column, kernel[offset]))
    source, target, weight = zip(*rows)
    return np.array(source), np.array(target), np.array(weight)


def network(architecture, topology, neurons, fanout, period, synapse_format, log_spikes=True):
    cores = list(architecture.cores())
    net = sanafe.Network()
    group = net.create_neuron_group(
        "p",
        neurons,
        model_attributes={"threshold": period - 0.5, "bias": 1.0, "reset": 0.0},
        soma_hw_name="loihi_lif",
        default_synapse_hw_name=f"loihi_{synapse_format}_synapse",
        default_dendrite_hw_name="loihi_dendrites",
        log_spikes=log_spikes,
    )
    potentials = hashed(np.arange(neurons, dtype=np.uint64) + np.uint64(POTENTIAL_SEED)) % np.uint64(period)
    for index, neuron in enumerate(group):
        neuron.set_attributes(model_attributes={"potential": float(potentials[index])})
        neuron.map_to_core(cores[index // NEURONS_PER_CORE])
    for first in range(0, neurons, BATCH):
        source, target, weight = edges(topology, first, min(neurons, first + BATCH), neurons, fanout)
        pairs = list(zip(source.tolist(), target.tolist()))
        group.connect_neurons_sparse(group, {"weight": weight.tolist()}, pairs)
    return net


def run(architecture, net, steps, timing):
    chip = sanafe.SpikingChip(architecture)
    chip.load(net)
    return chip.sim(steps, timing_model=timing, spike_trace=True, perf_trace=True)


def main():
    topology, synapse_format, output = sys.argv[1], sys.argv[6], sys.argv[8]
    neurons, fanout, period, steps = map(int, sys.argv[2:6])
    timings = {"cycle": int(sys.argv[7]), "simple": steps, "detailed": steps}
    architecture = sanafe.load_loihi()
    names = {"convolution": "conv"}
    net = network(architecture, topology, neurons, fanout, period, names.get(synapse_format, synapse_format))
    times = {}
    for timing, count in timings.items():
        result = run(architecture, net, count, timing)
        times[timing] = list(result["perf_trace"]["sim_time"])
    trace = result["perf_trace"]
    with open(output, "w") as file:
        json.dump(
            {
                "spikes": [[spike.neuron_offset for spike in step] for step in result["spike_trace"]],
                "time_s": times,
                "packets": result["packets_sent"],
                "updated": list(trace["updated"]),
                "hops": list(trace["hops"]),
                "synops": list(trace["spikes"]),
                "synapse_J": list(trace["synapse_energy"]),
                "soma_J": list(trace["soma_energy"]),
                "network_J": list(trace["network_energy"]),
                "dendrite_J": list(trace["dendrite_energy"]),
            },
            file,
        )


if __name__ == "__main__":
    main()
