"""A network of LIF populations in plain integer NumPy, written from the equations: python lif_network.py IN.npz OUT.npz.

Everything real is given in real units with the power of two that it is rounded to. Sums of a step are exact, then rounded
down to the target's unit.
"""

import sys

import numpy as np

given = np.load(sys.argv[1])
populations = range(int(given["populations"]))
projections = range(int(given["projections"]))
steps = given["input"].shape[0]


def whole(value, unit):
    return np.rint(value / unit).astype(np.int64)


class Population:
    def __init__(self, p):
        current_decay, voltage_decay, bias, threshold, refractory, self.unit, size = given[f"population{p}"]
        self.current_kept, self.voltage_kept = 4096 - int(current_decay), 4096 - int(voltage_decay)
        self.bias, self.threshold = whole(bias, self.unit), whole(threshold, self.unit)
        self.refractory = int(refractory)
        self.u, self.v, self.rest = (np.zeros(int(size), dtype=np.int64) for _ in range(3))

    def step(self, arrived):
        self.u = self.u * self.current_kept // 4096 + arrived
        resting = self.rest > 0
        self.v = np.where(resting, 0, self.v * self.voltage_kept // 4096 + self.u + self.bias)
        spikes = ~resting & (self.v > self.threshold)
        self.rest = np.where(spikes, self.refractory, np.maximum(self.rest - 1, 0))
        self.v = np.where(spikes, 0, self.v)
        return spikes


cells = [Population(p) for p in populations]
links = []
for j in projections:
    source, target, delay, unit = given[f"projection{j}"]
    weights = np.clip(whole(given[f"weights{j}"].astype(float), unit), -127, 127)
    links.append((int(source), int(target), int(delay), unit, weights))

finest = [min([c.unit] + [link[3] for link in links if link[1] == p]) for p, c in enumerate(cells)]
arriving = np.zeros((len(cells), steps + 70), dtype=object)
history = [np.zeros((steps, c.v.size), dtype=bool) for c in cells]
potentials = [np.zeros((steps, c.v.size)) for c in cells]
for t in range(steps):
    for p, c in enumerate(cells):
        arrived = arriving[p, t] // int(c.unit / finest[p])
        history[p][t] = c.step(arrived)
        potentials[p][t] = c.v * c.unit
    for source, target, delay, unit, weights in links:
        sent = given["input"][t] if source < 0 else history[source][t].astype(np.int64)
        arriving[target, t + 1 + delay] = arriving[target, t + 1 + delay] + sent @ weights * int(unit / finest[target])

np.savez(
    sys.argv[2],
    **{f"spikes{p}": np.argwhere(h).astype(np.int32) for p, h in enumerate(history)},
    **{f"v{p}": v for p, v in enumerate(potentials)},
)
