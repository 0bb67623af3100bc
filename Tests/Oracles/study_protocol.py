"""The study's solver (sporco's ConvBPDN with the study's options, 100 iterations). Usage: study_protocol.py INPUT OUTPUT

PSNR has the image's maximum - minimum as peak. In double precision: whether the penalty changes in an iteration hangs on a
ratio of residuals, and FFTW's plans, which depend on what else the machine does, round differently.
"""
import sys

import numpy as np
from sporco.admm.cbpdn import ConvBPDN

problem = np.load(sys.argv[1])
image, lambda_ = problem["image"].astype(float), float(problem["lambda"])
kernels = problem["kernels"].astype(float)
options = ConvBPDN.Options({
    "Verbose": False, "MaxMainIter": int(problem["iterations"]), "RelStopTol": 1e-4,
    "RelaxParam": 1.8, "AuxVarObj": False,
})
solver = ConvBPDN(np.moveaxis(kernels, 0, -1), image, lambda_, options)
solver.solve()
code = solver.Y.squeeze().astype(float)
spectrum = (np.fft.fft2(code, axes=(0, 1)) * np.fft.fft2(np.moveaxis(kernels, 0, -1).astype(float), s=image.shape, axes=(0, 1)))
rebuilt = np.fft.ifft2(spectrum.sum(axis=-1)).real
error = image.astype(float) - rebuilt
np.savez(
    sys.argv[2], objective=0.5 * np.sum(error**2) + lambda_ * np.abs(code).sum(), sparseness=np.mean(code == 0),
    psnr=10 * np.log10((image.max() - image.min()) ** 2 / np.mean(error**2)), iterations=len(solver.getitstat().Iter),
    rho=float(solver.rho), seconds=solver.timer.elapsed("solve"))
