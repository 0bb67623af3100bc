"""Writes the dictionary and the image of lava-optimization's LCA tutorial as one archive (.npz) for `rheobase validate`.

Usage: lava_data.py FOLDER_OF_TUTORIALS OUTPUT.npz

The image is in the tutorial's notebook as a picture of 28 x 28 blocks, drawn from black (0) to white (255) within a frame.
"""

import base64
import io
import json
import sys

import numpy as np
from PIL import Image

folder, output = sys.argv[1:]
with open(f"{folder}/tutorial_04_lca.ipynb", encoding="utf-8") as file:
    cells = json.load(file)["cells"]
cell = next(c for c in cells if c["cell_type"] == "code" and "test_images[0]" in "".join(c["source"]))
picture = next(o["data"]["image/png"] for o in cell["outputs"] if "image/png" in o.get("data", {}))
gray = np.array(Image.open(io.BytesIO(base64.b64decode(picture))).convert("L"))

# The frame is the outermost dark square.
rows, columns = (np.where((gray < 128).mean(axis) > 0.5)[0] for axis in (1, 0))
gray = gray[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
centres = [((np.arange(28) + 0.5) * length / 28).astype(int) for length in gray.shape]
image = gray[np.ix_(*centres)]
dictionary = np.ascontiguousarray(np.load(f"{folder}/mnist_pretrained_dictionary.npy"))
if dictionary.shape != (784, 784) or image.sum() != 18448:
    sys.exit("this is not the dictionary and the image of lava-optimization 0.5.0")
np.savez(output, dictionary=dictionary.astype(np.float32), image=image.astype(np.float32))
