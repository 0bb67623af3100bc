"""LASSO optima by least-angle regression (scikit-learn). Usage: lasso_lars.py INPUT.npz OUTPUT.npz

The input holds any number of problems, the arrays of problem n named n.image, n.kernels and so on; the output their
objectives.
"""

import sys

import numpy as np
from sklearn.linear_model import LassoLars

from explicit import dictionary, objective


def optimum(problem):
    image, lambda_ = problem["image"].astype(float), float(problem["lambda"])
    matrix = dictionary(
        problem["kernels"].astype(float), *image.shape, int(problem["stride"]), bool(problem["boundary"]))
    # scikit-learn divides the squared error by the number of samples.
    lars = LassoLars(alpha=lambda_ / image.size, fit_intercept=False, max_iter=100_000, eps=1e-14)
    return objective(matrix, image, lars.fit(matrix, image.ravel()).coef_, lambda_)


arrays = np.load(sys.argv[1])
count = len({name.split(".")[0] for name in arrays})
names = ["image", "kernels", "lambda", "stride", "boundary"]
np.savez(sys.argv[2], objective=[optimum({name: arrays[f"{n}.{name}"] for name in names}) for n in range(count)])
