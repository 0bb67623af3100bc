"""Reads a stream from an SQLite database by Python's sqlite3: event_database.py FILE OUTPUT.npz

OUTPUT gets one value for each event, in the order of the rows, and the scalars of `meta`, without the program's version.
"""

import sqlite3
import sys

import numpy as np

database = sqlite3.connect(sys.argv[1])
columns = ["step", "time_ns", "channel", "row", "column", "payload"]
names = ", ".join(f'"{name}"' for name in columns)
rows = np.array(database.execute(f"SELECT {names} FROM event").fetchall(), np.int64).reshape(-1, len(columns))
meta = dict(database.execute("SELECT name, value FROM meta"))
meta.pop("program", None)
assert meta.pop("schema") == "rheobase.events/1"
# What is stored is integers, whatever the columns say.
assert database.execute(
    "SELECT COUNT(*) FROM event_row WHERE typeof(step) || typeof(time_ns) || typeof(place) || typeof(payload) <> "
    "'integerintegerintegerinteger'").fetchone() == (0,)
scalars = {name: value if name in ["encoder", "camera"] else int(value) for name, value in meta.items()}
np.savez(sys.argv[2], **scalars, **{name: rows[:, index] for index, name in enumerate(columns)})
