"""Writes an event camera's file with an independent package: make_camera_events.py INPUT.npz FORMAT FILE OUTPUT.npz

INPUT has t (us), x, y, p (0, 1); OUTPUT gets the package's name.
"""

import sys

import numpy as np


def aedat4(events, path, compression):
    import dv_processing as dv

    config = dv.io.MonoCameraWriter.EventOnlyConfig("test", (346, 260), getattr(dv.CompressionType, compression))
    writer = dv.io.MonoCameraWriter(path, config)
    store = dv.EventStore()
    for t, x, y, p in zip(*(events[name].tolist() for name in "txyp")):
        store.push_back(t, x, y, bool(p))
    writer.writeEvents(store)
    return "dv-processing"


def aedat4stereo(events, path):
    """Events of even places are the left camera's."""
    import dv_processing as dv

    def config(name):
        return dv.io.MonoCameraWriter.EventOnlyConfig(name, (346, 260), dv.CompressionType.LZ4)

    writer = dv.io.StereoCameraWriter(path, config("left one"), config("right one"))
    for start, camera in enumerate([writer.left, writer.right]):
        store = dv.EventStore()
        for t, x, y, p in zip(*(events[name][start::2].tolist() for name in "txyp")):
            store.push_back(t, x, y, bool(p))
        camera.writeEvents(store)
    return "dv-processing"


def evt2(events, path):
    from expelliarmus import Wizard

    wizard = Wizard(encoding="evt2")
    dtype = [("t", np.int64), ("x", np.int16), ("y", np.int16), ("p", np.uint8)]
    array = np.zeros(len(events["t"]), dtype)
    for name in "txyp":
        array[name] = events[name]
    wizard.save(path, array)
    return "expelliarmus"


def with_faery(events, path, version, origin):
    import faery

    array = np.zeros(len(events["t"]), faery.EVENTS_DTYPE)
    for name, ours in zip(["t", "x", "y", "on"], "txyp"):
        array[name] = events[ours]
    stream = faery.events_stream_from_array(array, (346, 260))
    # By default it writes the first time into the text, and all times from that one on into the words.
    stream.to_file(path, version=version, **({} if origin == "t0" else {"zero_t0": False}))
    return "faery"


def evt3(events, path, origin=None):
    return with_faery(events, path, "evt3", origin)


def evt2faery(events, path, origin=None):
    return with_faery(events, path, "evt2", origin)


if __name__ == "__main__":
    arrays = np.load(sys.argv[1])
    name, _, option = sys.argv[2].partition("-")
    maker = globals()[name](arrays, sys.argv[3], *([option] if option else []))
    np.savez(sys.argv[4], maker=maker)
