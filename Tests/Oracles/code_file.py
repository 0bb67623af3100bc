"""The objective of a code file, from its arrays alone. Usage: code_file.py CODE.npz OUTPUT.npz"""

import sys

import numpy as np

file = np.load(sys.argv[1])
image, kernels, stride = file["image"].astype(float), file["kernels"].astype(float), int(file["stride"])
assert file["image"].dtype == file["kernels"].dtype == file["value"].dtype == np.float32
assert file["index"].dtype == np.int32 and file["index"].shape == (len(file["value"]), 3)
size = kernels.shape[1]
residual = image.copy()
for (kernel, row, column), value in zip(file["index"], file["value"].astype(float)):
    y = (row * stride + np.arange(size)) % image.shape[0]
    x = (column * stride + np.arange(size)) % image.shape[1]
    residual[np.ix_(y, x)] -= value * kernels[kernel]
np.savez(
    sys.argv[2],
    objective=0.5 * np.sum(residual**2) + float(file["lambda"]) * np.abs(file["value"].astype(float)).sum(),
    stored=file["objective"])
