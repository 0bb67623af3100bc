"""PSNR and SSIM by scikit-image. Usage: image_quality.py INPUT.npz OUTPUT.npz"""

import sys

import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

pair = np.load(sys.argv[1])
image, reconstruction = pair["image"].astype(float), pair["reconstruction"].astype(float)
peak = image.max() - image.min()
np.savez(
    sys.argv[2],
    psnr=peak_signal_noise_ratio(image, reconstruction, data_range=peak),
    ssim=structural_similarity(
        image, reconstruction, data_range=peak, gaussian_weights=True, sigma=1.5, use_sample_covariance=False))
