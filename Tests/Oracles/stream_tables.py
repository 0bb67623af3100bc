"""Reads a stream's file with an independent package, and writes one.

stream_tables.py read npz|csv FILE OUTPUT.npz
stream_tables.py INPUT.npz savez|savez_compressed|pandas|pandas-crlf FILE OUTPUT.npz

`read` is by NumPy or pandas; OUTPUT gets the columns and scalars. The others write INPUT, which has them, to FILE.
"""

import sys

import numpy as np
import pandas as pd

COLUMNS = ["step", "time_ns", "channel", "row", "column", "payload"]
SCALARS = ["encoder", "channels", "rows", "columns", "steps", "payload_exponent"]


def read(kind, path):
    if kind == "npz":
        archive = np.load(path, allow_pickle=False)
        assert sorted(archive.files) == sorted(COLUMNS + SCALARS), archive.files
        assert [archive[name].dtype for name in COLUMNS] == [np.int64 if name == "time_ns" else np.int32 for name in COLUMNS]
        return dict(archive)
    table = pd.read_csv(path, comment="#", dtype=np.int64)
    assert list(table.columns) == COLUMNS
    scalars = dict(field.split("=") for field in open(path).readline().split()[2:])
    assert list(scalars) == SCALARS
    return {**{name: table[name].to_numpy() for name in COLUMNS},
            **{name: text if name == "encoder" else int(text) for name, text in scalars.items()}}


def write_pandas(arrays, path, line_end):
    scalars = " ".join(f"{name}={arrays[name]}" for name in SCALARS)
    with open(path, "w", newline="") as file:
        file.write(f"# rheobase.events/1 {scalars}{line_end}")
        pd.DataFrame({name: arrays[name] for name in COLUMNS}).to_csv(file, index=False, lineterminator=line_end)


def write(arrays, kind, path):
    if kind.startswith("pandas"):
        write_pandas(arrays, path, "\r\n" if kind.endswith("crlf") else "\n")
    else:
        # Python's own integers become int64; the coordinates are narrow, as other programs have them.
        narrow = {"row": np.int16, "column": np.int16, "channel": np.uint8}
        scalars = {name: arrays[name].item() for name in SCALARS}
        with open(path, "wb") as file:
            getattr(np, kind)(
                file, **scalars, **{name: arrays[name].astype(narrow.get(name, arrays[name].dtype)) for name in COLUMNS})


if sys.argv[1] == "read":
    result = read(*sys.argv[2:4])
else:
    result = np.load(sys.argv[1])
    write(result, *sys.argv[2:4])
np.savez(sys.argv[4], **result)
