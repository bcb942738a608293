"""Writes the arrays that NpyFileTests reads, by NumPy itself: python3 make.py"""
import numpy as np

VALUES = {"b1": [[0, 1, 1], [1, 0, 0]], "u1": [[0, 1, 255], [2, 3, 4]], "i1": [[0, -1, 127], [-128, 3, 4]], "f2": [[0.5, -1.25, 65504], [1e-5, 3, 4]]}
for name in ("u2", "u4", "u8"):
    VALUES[name] = [[0, 1, np.iinfo(name).max], [2, 3, 4]]
for name in ("i2", "i4", "i8"):
    VALUES[name] = [[0, -1, np.iinfo(name).max], [np.iinfo(name).min, 3, 4]]
for name in ("f4", "f8"):
    VALUES[name] = [[0.1, -1.25, np.finfo(name).max], [np.nan, np.inf, -0.0]]

for name, values in VALUES.items():
    for order, sign in (("little", "<"), ("big", ">")):
        for layout in "CF":
            array = np.array(values, dtype=np.dtype(name).newbyteorder(sign), order=layout)
            if order == "little" or array.dtype.itemsize > 1:
                np.save(f"{name}-{order}-{layout}.npy", array)

cube = np.arange(24, dtype="<i2").reshape(2, 3, 4)
np.save("cube-F.npy", np.asfortranarray(cube))
np.save("single.npy", np.float64(2.5))
np.save("empty.npy", np.zeros((0, 5), dtype="<f4"))
np.save("structure.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
np.save("complex.npy", np.zeros(2, dtype="<c8"))
np.save("objects.npy", np.array([None, 1], dtype=object), allow_pickle=True)
for version in ((1, 0), (2, 0), (3, 0)):
    with open(f"version{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, np.array([1.5, 2.5], dtype="<f4"), version=version)
np.savez("stored.npz", x=cube, y=np.array([1, 0], dtype="<i8"))
np.savez_compressed("compressed.npz", np.zeros((50, 40), dtype="<f8"), name=np.array([3.5], dtype=">f4"))
