"""Reads a trace of spikes with an independent package: spike_trace.py csv|npz|sonata|nwb|sqlite FILE [large] OUTPUT.npz

`large`: of a population as large as there can be one. OUTPUT gets one value for each spike, in order of time, population and neuron.
"""

import sys
import warnings

import numpy as np

SHAPES = {"coding": (3, 4, 5, 2), "residual": (2, 2, 1, 1)}
if sys.argv[3] == "large":
    SHAPES = {"large": (1024, 1024, 1023, 2)}
# By population: a payload p is worth p * 2^exponent.
EXPONENTS = {"coding": -6, "residual": 0, "large": 0}


def place(name, neuron):
    rows, columns, kernels, sides = SHAPES[name]
    position, kernel = np.divmod(neuron // sides, kernels)
    return {"kernel": kernel, "row": position // columns, "column": position % columns}


def picoseconds(times, unit_ps):
    """The whole picoseconds behind binary times, which are off by 2^-53 of themselves at the most."""
    found = np.asarray(times, np.float64).astype(np.longdouble) * unit_ps
    whole = np.rint(found)
    assert np.all(abs(found - whole) <= whole * 2.0**-53 * (1 + 2.0**-8)), abs(found - whole).max()
    return whole.astype(np.int64)


def npz(path):
    archive = np.load(path, allow_pickle=False)
    assert list(archive["populations"]) == list(SHAPES)
    assert list(archive["payload_exponents"]) == [EXPONENTS[name] for name in SHAPES]
    assert archive["polarity"].dtype == np.int8
    columns = {name: archive[name] for name in archive.files if name not in ["populations", "payload_exponents"]}
    return {**columns, "polarity": columns["polarity"].astype(np.int32)}


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
        times = [s[1] for s in spikes]
        # What SONATA has no name for stands beside.
        file = h5py.File(path)
        assert "binary milliseconds" in file.attrs["rounded"]
        group = file[f"spikes/{name}"]
        assert group["timestamps"].attrs["units"] == "ms"
        assert group.attrs["payload_exponent"] == EXPONENTS[name]
        time_ps = picoseconds(times, 1e9)
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
        columns = {key: [] for key in ["time_ps", "step", "payload", "population", "neuron", "kernel", "row", "column",
                                    "polarity"]}
        for unit in range(len(units)):
            times = np.asarray(units["spike_times"][unit])
            columns["time_ps"].append(picoseconds(times, 1e12))
            assert units["payload_exponent"][unit] == EXPONENTS[units["population"][unit]]
            columns["step"].append(np.asarray(units["spike_step"][unit]))
            columns["payload"].append(np.asarray(units["spike_payload"][unit]))
            columns["population"].append(np.full(len(times), list(SHAPES).index(units["population"][unit])))
            for key in ["neuron", "kernel", "row", "column", "polarity"]:
                columns[key].append(np.full(len(times), units[key][unit]))
        return {key: np.concatenate(values) if values else np.zeros(0, np.int64) for key, values in columns.items()}


def sqlite(path):
    import sqlite3

    database = sqlite3.connect(path)
    populations = database.execute("SELECT name, payload_exponent FROM population ORDER BY population").fetchall()
    assert populations == [(name, EXPONENTS[name]) for name in SHAPES], populations
    names = ["time_ps", "step", "population", "neuron", "kernel", "row", "column", "polarity", "payload"]
    quoted = ", ".join(f'"{name}"' for name in names)
    rows = database.execute(f"SELECT {quoted}, spike FROM spike").fetchall()
    # In the order that the rows are documented to have.
    assert [row[-1] for row in rows] == list(range(1, len(rows) + 1))
    order = [(row[0], row[1], row[2], row[3]) for row in rows]
    assert order == sorted(order)
    return {name: np.array([row[index] for row in rows], np.float64 if name == "payload" else np.int64)
            for index, name in enumerate(names)}


columns = globals()[sys.argv[1]](sys.argv[2])
order = np.lexsort((columns["neuron"], columns["population"], columns["time_ps"]))
np.savez(sys.argv[-1], **{key: np.asarray(values)[order] for key, values in columns.items()})
