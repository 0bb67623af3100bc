"""Makes the photographs of photographs/ from scikit-image's sample images.

    make_photographs.py FOLDER

Each is converted to gray (luma, Rec. 601), cropped to its central square, and resized to 256 x 256 (Lanczos).
"""
import sys
from pathlib import Path

from PIL import Image
from skimage import data

NAMES = ["astronaut", "camera", "chelsea", "coffee", "grass", "gravel"]
SIZE = 256


def photograph(name):
    image = Image.fromarray(getattr(data, name)()).convert("L")
    side = min(image.size)
    left = (image.width - side) // 2
    top = (image.height - side) // 2
    square = image.crop((left, top, left + side, top + side))
    return square.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


folder = Path(sys.argv[1])
for name in NAMES:
    photograph(name).save(folder / f"{name}.png", optimize=True)
