"""Writes a picture in many formats, and what each must decode to.

    picture_samples.py FOLDER OUTPUT

OUTPUT holds, for each file of FOLDER that can be decoded, height x width x channels samples under the file's name.
"""
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

folder, target = Path(sys.argv[1]), sys.argv[2]
color = data.chelsea()[100:137, 120:173]
gray = color[:, :, 1]
alpha = np.linspace(0, 255, gray.size).reshape(gray.shape).astype(np.uint8)
deep = gray.astype(np.uint16) * 251 + 7
expected = {}


def save(name, image, samples, **options):
    image.save(folder / name, **options)
    expected[name] = np.atleast_3d(samples)


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def deep_color_png(samples):
    height, width, _ = samples.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"Comment\0ignored")
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


save("gray.png", Image.fromarray(gray), gray)
save("color.png", Image.fromarray(color), color)
save("gray-alpha.png", Image.fromarray(np.dstack([gray, alpha])), gray)
save("color-alpha.png", Image.fromarray(np.dstack([color, alpha])), color)
save("gray-16.png", Image.fromarray(deep), deep)
palette = Image.fromarray(color).quantize(37)
save("palette.png", palette, np.asarray(palette.convert("RGB")))
save("palette-transparent.png", palette, np.asarray(palette.convert("RGB")), transparency=3)
bits = Image.fromarray(gray).convert("1")
save("bits.png", bits, np.asarray(bits).astype(np.uint8) * 255)
deep_color = np.dstack([deep, deep[::-1], 65535 - deep])
(folder / "color-16.png").write_bytes(deep_color_png(deep_color))
expected["color-16.png"] = deep_color
for name, image, options in [
    ("gray.jpg", Image.fromarray(gray), {}),
    ("color.jpg", Image.fromarray(color), {}),
    ("color-full.jpg", Image.fromarray(color), {"subsampling": 0, "quality": 95}),
    ("progressive.jpg", Image.fromarray(color), {"progressive": True}),
]:
    image.save(folder / name, **options)
    expected[name] = np.atleast_3d(np.asarray(Image.open(folder / name)))
Image.fromarray(color).convert("CMYK").save(folder / "cmyk.jpg")
np.savez(target, **expected)
