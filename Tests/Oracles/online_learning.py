"""Online convolutional dictionary learning by sporco. Usage: online_learning.py INPUT.npz OUTPUT.npz

The input holds patches (visits x height x width, in the order of visits), kernels (K x k x k), lambda; the output the
kernels learnt (K x k x k) and the seconds.
"""
import sys
import time

import numpy as np
from sporco.dictlrn.onlinecdl import OnlineConvBPDNDictLearn

data = np.load(sys.argv[1])
options = OnlineConvBPDNDictLearn.Options({
    "Verbose": False, "CBPDN": {"Verbose": False, "MaxMainIter": 300, "RelStopTol": 1e-2, "RelaxParam": 1.8,
                                "rho": 10.0, "AutoRho": {"Enabled": False}},
    # The study's step sizes, eta_j = 100 / (j + 1000), are for images of 256 x 256; a and b are the input's.
    "eta_a": float(data["eta_a"]), "eta_b": float(data["eta_b"])})
began = time.perf_counter()
learner = OnlineConvBPDNDictLearn(np.moveaxis(data["kernels"], 0, -1), float(data["lambda"]), options)
for patch in data["patches"]:
    learner.solve(patch)
seconds = time.perf_counter() - began
np.savez(sys.argv[2], kernels=np.moveaxis(learner.getdict().squeeze(), -1, 0).astype(np.float32), seconds=seconds)
