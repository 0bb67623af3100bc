"""Reads an archive with NumPy and writes it again in another form.

    numpy_copy.py MODE INPUT OUTPUT      MODE: stored, deflated, big-endian, fortran
"""
import sys

import numpy as np

mode, source, target = sys.argv[1:]
arrays = dict(np.load(source, allow_pickle=False))
if mode == "big-endian":
    arrays = {name: array.astype(array.dtype.newbyteorder(">")) for name, array in arrays.items()}
if mode == "fortran":
    arrays = {name: array.copy(order="F") for name, array in arrays.items()}
(np.savez_compressed if mode == "deflated" else np.savez)(target, **arrays)
