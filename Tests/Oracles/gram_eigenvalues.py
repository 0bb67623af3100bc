"""The spectrum of a Gram table written out as a matrix. Usage: gram_eigenvalues.py INPUT.npz OUTPUT.npz"""

import sys

import numpy as np

problem = np.load(sys.argv[1])
table, rows, columns, circular = problem["table"], int(problem["rows"]), int(problem["columns"]), problem["boundary"]
count, extent, _, _ = table.shape
reach = extent // 2
matrix = np.zeros((rows, columns, count, rows, columns, count))
for row in range(rows):
    for column in range(columns):
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                # The source at (row, column) drives the target at (row - dy, column - dx).
                y, x = row - dy, column - dx
                if circular:
                    y, x = y % rows, x % columns
                elif not (0 <= y < rows and 0 <= x < columns):
                    continue
                matrix[y, x, :, row, column, :] += table[:, dy + reach, dx + reach, :].T
size = rows * columns * count
matrix = matrix.reshape(size, size)
assert np.array_equal(matrix, matrix.T)
eigenvalues = np.linalg.eigvalsh(matrix)
np.savez(sys.argv[2], smallest=eigenvalues[0], largest=eigenvalues[-1])
