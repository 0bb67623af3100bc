"""Local contrast normalisation by a two-dimensional convolution.

    local_contrast_normalization.py INPUT OUTPUT      both hold `image`
"""
import sys

import numpy as np
from scipy.signal import convolve2d

image = np.load(sys.argv[1])["image"].astype(np.float64)
x, y = np.meshgrid(np.linspace(-3, 3, 15), np.linspace(-3, 3, 15))
window = np.exp(-(x**2 + y**2) / 2)
window /= window.sum()


def smooth(values):
    return convolve2d(values, window, mode="same", boundary="symm")


centred = image - smooth(image)
norm = np.sqrt(smooth(centred**2))
np.savez(sys.argv[2], image=centred / np.maximum(norm, norm.mean()))
