"""Which step of making weights integers changes the published outputs of lava-optimization's fixed-point LCA.

Usage: lava_weights.py results/lava.npz (make lava-data)

The solver's recursion in exact arithmetic, after lava-optimization 0.5.0 (v1_neuron/models.py, residual_neuron/models.py) and
lava-nc 0.10.0 (proc/dense/models.py, whose output comes a step later, and utils/weightutils.py).
"""

import sys

import numpy as np

archive = np.load(sys.argv[1])
dictionary = archive["dictionary"].astype(float)
picture = archive["image"].astype(float).ravel()
MEAN, DEVIATION, STEPS, ETA = 0.1307, 0.3081, 1024, 2.0**-7
image = (picture / 255 - MEAN) / DEVIATION


def exponent(weights):
    return int(np.frexp(np.abs(weights).max())[1]) - 8


def soft(v, threshold):
    return np.maximum(np.abs(v) - threshold, 0) * np.sign(v)


def one_layer(quantise, scale):
    weights = (np.eye(len(dictionary)) - dictionary @ dictionary.T) * ETA
    e = exponent(weights)
    w, bias, threshold = quantise(weights * 2.0**-e), np.trunc(dictionary @ image * ETA * scale), int(0.1 * scale)
    v = sums = np.zeros(len(dictionary))
    for _ in range(STEPS):
        a, arriving = soft(v, threshold), sums
        sums = np.floor(w @ a * 2.0**e)
        v = np.floor(v * (1 - ETA)) + arriving + bias
    return a / scale


def two_layers(quantise, scale):
    e = exponent(dictionary)
    w, back = quantise(dictionary * 2.0**-e), quantise(-dictionary.T * 2.0**-e)
    pixels, threshold = np.trunc(image * scale), int(0.1 * scale)
    v = drive = np.zeros(len(dictionary))
    rebuilt = np.zeros(len(pixels))
    for _ in range(STEPS):
        a = soft(v, threshold)
        v = np.floor(v * (1 - ETA)) + drive + np.floor(a * ETA)
        residual = rebuilt + pixels
        rebuilt, drive = np.floor(back @ a * 2.0**e), np.floor(w @ residual * (2.0**e * ETA))
    return a / scale


def outputs(code):
    rebuilt = (dictionary.T @ code * DEVIATION + MEAN) * 255
    decibels = 10 * np.log10(255**2 / ((rebuilt - picture) ** 2).mean())
    return f"{decibels:.2f} dB / {100 * (code == 0).mean():.2f} %"


ways = {
    "towards zero to 9 bits, then down to even": lambda w: np.floor(np.trunc(w) / 2) * 2,
    "only towards zero to 9 bits": np.trunc,
    "only down to even": lambda w: np.floor(w / 2) * 2,
    "to the nearest even": lambda w: np.round(w / 2) * 2,
    "real, states rounded down": lambda w: w,
}
print("| weights (states of 2^-21) | one layer | two layers |\n|---|---|---|")
for name, quantise in ways.items():
    print(f"| {name} | {outputs(one_layer(quantise, 2.0**21))} | {outputs(two_layers(quantise, 2.0**21))} |")
first = ways["towards zero to 9 bits, then down to even"]
print(f"\nthe first with states of 2^-17: {outputs(one_layer(first, 2.0**17))}, {outputs(two_layers(first, 2.0**17))}")
