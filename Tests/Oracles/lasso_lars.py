"""The LASSO's optimum by least-angle regression (scikit-learn). Usage: lasso_lars.py INPUT.npz OUTPUT.npz"""

import sys

import numpy as np
from sklearn.linear_model import LassoLars

from explicit import dictionary, objective

problem = np.load(sys.argv[1])
image, lambda_ = problem["image"].astype(float), float(problem["lambda"])
matrix = dictionary(
    problem["kernels"].astype(float), *image.shape, int(problem["stride"]), bool(problem["boundary"]))
# scikit-learn divides the squared error by the number of samples.
lars = LassoLars(alpha=lambda_ / image.size, fit_intercept=False, max_iter=100_000, eps=1e-14)
code = lars.fit(matrix, image.ravel()).coef_
np.savez(sys.argv[2], objective=objective(matrix, image, code, lambda_), nonzeros=np.count_nonzero(code))
