"""The explicit matrix of a convolutional dictionary, pixels x coefficients, kernel fastest (shared by the oracles)."""

import numpy as np


def dictionary(kernels, height, width, stride, circular):
    count, size, _ = kernels.shape
    rows = height // stride if circular else (height - size) // stride + 1
    columns = width // stride if circular else (width - size) // stride + 1
    matrix = np.zeros((height, width, rows, columns, count))
    for row in range(rows):
        for column in range(columns):
            y = (row * stride + np.arange(size)) % height
            x = (column * stride + np.arange(size)) % width
            matrix[np.ix_(y, x, [row], [column], np.arange(count))] = np.moveaxis(kernels, 0, -1)[:, :, None, None, :]
    return matrix.reshape(height * width, -1)


def objective(matrix, image, code, lambda_):
    return 0.5 * np.sum((image.ravel() - matrix @ code) ** 2) + lambda_ * np.abs(code).sum()
