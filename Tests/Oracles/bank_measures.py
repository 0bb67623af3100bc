"""Coherence, orientation coverage and the Gram operator's largest eigenvalue at strides 1 and 2 (48 x 48, circular).

    bank_measures.py INPUT.npz OUTPUT.npz
"""
import sys

import numpy as np

kernels = np.load(sys.argv[1])["kernels"].astype(float)
count, size, _ = kernels.shape
flat = kernels.reshape(count, -1) / np.linalg.norm(kernels.reshape(count, -1), axis=1, keepdims=True)
cosines = np.abs(flat @ flat.T)
np.fill_diagonal(cosines, 0)

theta = np.arange(72) * np.pi / 72
radius = np.arange(3, 10) * 0.05
row, column = np.outer(radius, np.cos(theta)), np.outer(radius, np.sin(theta))
y, x = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
waves = np.exp(-2j * np.pi * (row[..., None, None] * y + column[..., None, None] * x))
transforms = np.tensordot(waves, kernels, axes=([2, 3], [1, 2]))
power = (np.abs(transforms) ** 2).sum(axis=(0, 2))

n = 48
spectrum = np.fft.fft2(kernels, s=(n, n))
eigenvalues = []
for stride in (1, 2):
    step = n // stride
    folded = spectrum.reshape(count, stride, step, stride, step).transpose(2, 4, 0, 1, 3).reshape(step, step, count, -1)
    eigenvalues.append(np.linalg.svd(folded, compute_uv=False)[..., 0].max() ** 2 / stride**2)
np.savez(sys.argv[2], coherence=cosines.max(), coverage=power.min() / power.mean(), eigenvalues=eigenvalues)
