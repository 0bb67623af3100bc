"""Mann-Whitney tests and Spearman correlations by SciPy. Usage: rank_statistics.py INPUT.npz OUTPUT.npz

The input holds pairs of samples a0, b0, a1, b1 ...
"""
import sys

import numpy as np
from scipy.stats import mannwhitneyu, spearmanr

data = np.load(sys.argv[1])
pairs = [(data[f"a{n}"], data[f"b{n}"]) for n in range(len(data.files) // 2)]
tests = [mannwhitneyu(a, b, alternative="two-sided") for a, b in pairs]
np.savez(
    sys.argv[2], u=[float(t.statistic) for t in tests], p=[float(t.pvalue) for t in tests],
    spearman=[float(spearmanr(a, b).statistic) if len(a) == len(b) else 0.0 for a, b in pairs])
