"""Reads a trace of spikes with an independent package: spike_trace.py csv|npz|sonata|nwb FILE OUTPUT.npz

OUTPUT gets one value for each spike, in order of time, population and neuron.
"""

import sys
import warnings

import numpy as np

SHAPES = {"coding": (3, 4, 5, 2), "residual": (2, 2, 1, 1)}


def place(name, neuron):
    rows, columns, kernels, sides = SHAPES[name]
    position, kernel = np.divmod(neuron // sides, kernels)
    return {"kernel": kernel, "row": position // columns, "column": position % columns}


def npz(path):
    archive = np.load(path, allow_pickle=False)
    assert list(archive["populations"]) == list(SHAPES)
    return {name: archive[name] for name in archive.files if name != "populations"}


def csv(path):
    import pandas as pd

    table = pd.read_csv(path)
    names = ["time_ps", "step", "population", "neuron", "kernel", "row", "column", "polarity", "payload"]
    assert list(table.columns) == names, table.columns
    table["population"] = table["population"].map(list(SHAPES).index)
    if table.empty:
        table = table.astype(np.int64)
    return {name: table[name].to_numpy() for name in names}


def sonata(path):
    import h5py
    import libsonata

    reader = libsonata.SpikeReader(path)
    assert sorted(reader.get_population_names()) == sorted(SHAPES)
    parts = []
    for index, name in enumerate(SHAPES):
        population = reader[name]
        assert population.sorting == "by_time", population.sorting
        spikes = population.get()
        neuron = np.array([s[0] for s in spikes], np.int64)
        times = np.array([s[1] for s in spikes], np.float64)
        # What SONATA has no name for stands beside.
        file = h5py.File(path)
        assert "binary milliseconds" in file.attrs["rounded"]
        group = file[f"spikes/{name}"]
        assert group["timestamps"].attrs["units"] == "ms"
        time_ps = np.rint(times * 1e9).astype(np.int64)
        assert np.array_equal(time_ps, group["time_ps"][:]), "milliseconds give the picoseconds back"
        parts.append({"time_ps": time_ps, "population": np.full(len(neuron), index), "neuron": neuron,
                      "step": group["step"][:], "payload": group["payload"][:], **place(name, neuron)})
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def nwb(path):
    import pynwb

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        errors = pynwb.validate(path=path)
        assert not errors, errors
    with pynwb.NWBHDF5IO(path, "r") as io:
        units = io.read().units
        assert "times are binary seconds" in units.description and "dropped: the order" in units.description
        columns = {key: [] for key in ["time_ps", "step", "payload", "population", "neuron", "kernel", "row", "column"]}
        for unit in range(len(units)):
            times = np.asarray(units["spike_times"][unit])
            columns["time_ps"].append(np.rint(times * 1e12).astype(np.int64))
            columns["step"].append(np.asarray(units["spike_step"][unit]))
            columns["payload"].append(np.asarray(units["spike_payload"][unit]))
            columns["population"].append(np.full(len(times), list(SHAPES).index(units["population"][unit])))
            for key in ["neuron", "kernel", "row", "column"]:
                columns[key].append(np.full(len(times), units[key][unit]))
            side = units["polarity"][unit]
            assert side == (1 if SHAPES[units["population"][unit]][3] == 1 else 1 - 2 * (units["neuron"][unit] % 2))
        return {key: np.concatenate(values) if values else np.zeros(0, np.int64) for key, values in columns.items()}


columns = globals()[sys.argv[1]](sys.argv[2])
order = np.lexsort((columns["neuron"], columns["population"], columns["time_ps"]))
np.savez(sys.argv[3], **{key: np.asarray(values)[order] for key, values in columns.items()})
