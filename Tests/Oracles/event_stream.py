"""Reads an event stream's .npz and .csv with NumPy alone, compares them, and decodes an image from the definition."""

import json
import sys

import numpy as np

NAMES = ["step", "time_ns", "channel", "row", "column", "payload"]

archive = np.load(sys.argv[1], allow_pickle=False)
table = np.genfromtxt(sys.argv[2], delimiter=",", names=True, skip_header=1, dtype=np.int64)
shape = [int(archive[name]) for name in ("channels", "rows", "columns")]
encoder = str(archive["encoder"])

decoded = np.zeros(shape)
np.add.at(decoded, (archive["channel"], archive["row"], archive["column"]), archive["payload"])
decoded *= 2.0 ** int(archive["payload_exponent"])
if encoder.endswith("-rate"):
    decoded /= int(archive["steps"])

print(json.dumps({
    "encoder": encoder,
    "shape": shape,
    "dtypes": {name: str(archive[name].dtype) for name in NAMES},
    "csvEqualsArchive": all(np.array_equal(table[name], archive[name]) for name in NAMES),
    "decoded": decoded.ravel().tolist(),
}))
