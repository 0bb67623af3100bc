"""Reads files of chip traces with independent packages: trace_tables.py FILE…

Prints JSON: for each file its tables, {NAME: {"columns": [NAME, …], "rows": [[TEXT, …], …]}}.
"""

import csv
import json
import sqlite3
import sys

import h5py
import numpy as np
import pywellen


def table(columns, rows):
    return {"columns": list(columns), "rows": [[text(value) for value in row] for row in rows]}


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def of_run(properties):
    """Names and values that describe a run. Where its files lay does not matter, nor which build it was."""
    return table(["name", "value"], [
        (name, value.rsplit("/", 1)[-1] if name in ["image", "events"] else value)
        for name, value in properties if name != "program"])


def comma_separated(path):
    with open(path, newline="") as file:
        columns, *rows = csv.reader(file)
    return {"csv": table(columns, rows)}


def archive(path):
    arrays = np.load(path, allow_pickle=False)
    tables = {name: table(["value"], zip(arrays[name].ravel().tolist())) for name in arrays.files}
    return {**tables, "types": table(["array", "type"], ((name, arrays[name].dtype) for name in arrays.files))}


def hdf5(path):
    tables, attributes, types = {}, [], []
    with h5py.File(path) as file:

        def plain(value):
            if isinstance(value, h5py.Reference):
                return file[value].name
            return value.tolist() if hasattr(value, "tolist") else value

        def visit(name, item):
            attributes.extend((name, key, plain(value)) for key, value in sorted(item.attrs.items()))
            if isinstance(item, h5py.Dataset):
                types.append((name, item.dtype))
                tables[name] = table(["value"], zip(np.ravel(item[()]).tolist()))

        visit("/", file)
        file.visititems(visit)
    return {**tables, "attributes": table(["object", "name", "value"], attributes), "types": table(["array", "type"], types)}


def database(path):
    connection = sqlite3.connect(path)
    schema = connection.execute("SELECT name, type, sql FROM sqlite_master ORDER BY name").fetchall()
    tables = {"schema": table(["name", "type", "sql"], schema)}
    for name, kind in ((name, kind) for name, kind, _ in schema if kind in ["table", "view"] and name != "meta"):
        cursor = connection.execute(f"SELECT * FROM {name}" + (" ORDER BY rowid" if kind == "table" else ""))
        tables[name] = table((column[0] for column in cursor.description), cursor)
    return {**tables, "meta": of_run(connection.execute("SELECT name, value FROM meta ORDER BY name"))}


def chrome_trace(path):
    with open(path) as file:
        trace = json.load(file, parse_float=str)
    columns = ["ph", "name", "pid", "tid", "ts", "dur", "args"]
    events = [[event.get(column) for column in columns] for event in trace["traceEvents"]]
    return {"traceEvents": table(columns, events), "otherData": of_run(sorted(trace["otherData"].items()))}


def waveform(path):
    signals = sorted(pywellen.Waveform(path).all_vars(), key=lambda signal: signal.full_name)
    return {"changes": table(
        ["signal", "time_ps", "value"],
        ((signal.full_name, time, value) for signal in signals for time, value in signal.tv))}


READERS = {"csv": comma_separated, "npz": archive, "h5": hdf5, "nwb": hdf5, "sqlite": database, "json": chrome_trace,
           "vcd": waveform, "fst": waveform}
print(json.dumps([READERS[path.rsplit(".")[-1]](path) for path in sys.argv[1:]]))
