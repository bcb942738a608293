"""Writes the images that the tests read, and what Pillow and NumPy read in them: python3 make.py (Pillow 9.4.0, ImageMagick 6 for the interlaced one)."""
import subprocess
import numpy as np
from PIL import Image, ImageOps

height, width = 21, 34
y, x = np.mgrid[0:height, 0:width]
color = np.stack([x * 7, y * 11, 255 - (x + y) * 4], axis=2).astype(np.uint8)
image = Image.fromarray(color)
gray = image.convert("L")
alpha = image.copy()
alpha.putalpha(Image.fromarray((x * 7).astype(np.uint8)))

image.save("color.png")
gray.save("gray.png")
alpha.save("alpha.png")
alpha.convert("LA").save("gray-alpha.png")
image.quantize(60).save("palette.png")
gray.point(lambda v: 255 * (v > 120)).convert("1").save("bits.png")
Image.fromarray((x * 1900 + y).astype(np.uint16)).save("gray16.png")
subprocess.run(["/usr/bin/convert", "color.png", "-interlace", "PNG", "interlaced.png"], check=True)
image.save("full.jpg", quality=92, subsampling=0)
image.save("half.jpg", quality=92, subsampling=2)
image.save("progressive.jpg", quality=92, progressive=True)
gray.save("gray.jpg", quality=92)
image.save("restart.jpg", quality=92, subsampling=0, restart_marker_blocks=2)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(f"orientation{orientation}.jpg", quality=92, subsampling=0, exif=exif)
    np.save(f"orientation{orientation}.npy", np.asarray(ImageOps.exif_transpose(Image.open(f"orientation{orientation}.jpg"))))
for name in ("color.png", "alpha.png", "palette.png", "bits.png", "full.jpg", "half.jpg", "progressive.jpg"):
    np.save(name.replace(".", "-") + ".npy", np.asarray(Image.open(name).convert("RGB")))
np.save("gray.npy", np.asarray(gray))
for size in ((8, 8), (34, 10), (13, 40), (90, 70), (1, 1), (33, 21)):
    np.save(f"resized-{size[1]}x{size[0]}.npy", np.asarray(image.resize(size, Image.BILINEAR)))
