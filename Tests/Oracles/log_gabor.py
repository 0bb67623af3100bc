"""Log-Gabor kernels by NumPy's FFT, in the order theta, bandwidth, phase; the largest value of each is 1.

    log_gabor.py ORIENTATIONS BANDWIDTHS_DEG SIZE OUTPUT      BANDWIDTHS_DEG: comma-separated
"""
import sys

import numpy as np

F0, BF = 0.4, 0.4


def kernel(theta, b_theta, phase, n):
    row, column = np.meshgrid(np.arange(-(n // 2), n - n // 2) / n, np.arange(-(n // 2), n - n // 2) / n, indexing="ij")
    f = np.hypot(row, column)
    f[n // 2, n // 2] = 1e-6
    angle = np.arctan2(column, row)
    envelope = np.exp(-0.5 * np.log(f / F0) ** 2 / BF**2) / f
    envelope = envelope * np.exp((np.cos(angle - theta) - 1) / b_theta**2)
    with np.errstate(over="ignore"):
        band = (1 - np.exp((f - 0.5) / 0.035)) * (f < 0.5) * (1 - np.exp(-0.5 * f**2 / (0.5 / n) ** 2))
    shift = np.exp(-2j * np.pi * (n // 2) * (row + column))
    spectrum = np.fft.ifftshift(envelope * band * shift * np.exp(-1j * phase))
    wave = np.fft.ifft2(spectrum).real
    y, x = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n), indexing="ij")
    radius = np.hypot(x, y)
    wave = wave * np.where(radius < 1, ((np.cos(np.pi * radius) + 1) / 2) ** (1 / 3), 0)
    wave = wave - np.median(wave)
    return wave / np.abs(wave).max()


orientations, size = int(sys.argv[1]), int(sys.argv[3])
bandwidths = np.radians([float(b) for b in sys.argv[2].split(",")])
design = [(t, b, p) for t in np.arange(orientations) * np.pi / orientations for b in bandwidths for p in (0, np.pi / 2)]
theta, bandwidth, phase = np.array(design).T
kernels = np.array([kernel(t, b, p, size) for t, b, p in design])
np.savez(sys.argv[4], kernels=kernels, theta=theta, bandwidth=bandwidth, phase=phase)
