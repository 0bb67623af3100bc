"""LASSO optima by least-angle regression (scikit-learn). Usage: lasso_lars.py INPUT.npz OUTPUT.npz

The input holds any number of problems, the arrays of problem n named n.image, n.kernels and so on; the output their
objectives, and for each problem the array n.code of all coefficients, kernel fastest.
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
    code = lars.fit(matrix, image.ravel()).coef_
    return objective(matrix, image, code, lambda_), code


arrays = np.load(sys.argv[1])
count = len({name.split(".")[0] for name in arrays})
names = ["image", "kernels", "lambda", "stride", "boundary"]
optima = [optimum({name: arrays[f"{n}.{name}"] for name in names}) for n in range(count)]
np.savez(
    sys.argv[2], objective=[value for value, _ in optima], **{f"{n}.code": code for n, (_, code) in enumerate(optima)})
