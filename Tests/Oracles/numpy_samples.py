"""Writes values that Rheobase itself never writes: half precision, byte strings, the empty text.

    numpy_samples.py OUTPUT
"""
import sys

import numpy as np

half = np.arange(65536, dtype=np.uint32).astype(np.uint16).view(np.float16)
half = half[~np.isnan(half)]
np.savez(sys.argv[1], half=half, half_as_float=half.astype(np.float32), bytes=np.array([b"delta", b"", b"a"]),
         empty_text=np.array(""))
