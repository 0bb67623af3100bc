"""The circular problem by ADMM (sporco's ConvBPDN), run long. Usage: cbpdn_sporco.py INPUT.npz OUTPUT.npz"""

import sys

import numpy as np
from sporco.admm.cbpdn import ConvBPDN

from explicit import dictionary, objective

problem = np.load(sys.argv[1])
image, lambda_ = problem["image"].astype(float), float(problem["lambda"])
kernels = problem["kernels"].astype(float)
options = ConvBPDN.Options({
    "Verbose": False, "MaxMainIter": 1000, "RelStopTol": 1e-7, "RelaxParam": 1.8, "rho": 1.0,
    # A penalty that keeps changing keeps ADMM from converging.
    "AutoRho": {"Enabled": False},
})
solver = ConvBPDN(np.moveaxis(kernels, 0, -1), image, lambda_, options)
solver.solve()
# Y, the exactly sparse variable, as rows x columns x kernels.
code = solver.Y.squeeze().ravel()
matrix = dictionary(kernels, *image.shape, 1, True)
np.savez(sys.argv[2], objective=objective(matrix, image, code, lambda_))
