"""Reads an event camera's file with an independent package: camera_events.py FORMAT FILE OUTPUT.npz

OUTPUT gets t (us), x, y, p (0, 1), and, where the package says them, width and height.
"""

import sys
import types

import numpy as np


def expect_equal(first, second):
    for name in "txyp":
        assert np.array_equal(first[name].astype(np.int64), np.asarray(second[name]).astype(np.int64)), name


def with_faery(path):
    import faery

    packets = [np.zeros(0, faery.EVENTS_DTYPE), *faery.events_stream_from_file(path)]
    return {name: np.concatenate([p[key] for p in packets]) for name, key in zip("txyp", ["t", "x", "y", "on"])}


def aedat3(path):
    # aermanager imports the package dv for AEDAT 4 alone.
    sys.modules["dv"] = types.SimpleNamespace(AedatFile=None)
    import struct

    from aermanager import parsers

    version, start = parsers.parse_header_from_file(path)
    assert version == 3.1, version
    data = open(path, "rb").read()[start:]
    # Without packets, the package places the start of the data before the last line's end.
    if data in (b"", b"\n"):
        return {name: np.zeros(0) for name in "txyp"}
    # The package leaves the overflows of times in the packets' headers, and the address to its caller.
    events = parsers.get_aer_events_from_file(path, version, start)
    overflows, offset = [], 0
    while offset < len(data):
        kind, _, size, _, overflow, capacity, number, valid = struct.unpack_from("<2h6i", data, offset)
        assert (kind, size) == (1, 8) and capacity == number == valid, (kind, size, capacity, number, valid)
        overflows += [overflow] * number
        offset += 28 + number * size
    _, red = parsers.parse_dvs_red(path)
    t = np.array(overflows, np.int64) << 31 | events["timeStamp"].astype(np.int64)
    columns = {"t": t, "x": red["x"], "y": red["y"], "p": red["p"]}
    # A second reader, by other authors, which counts the overflows.
    from evutils.io import EventReader

    expect_equal(columns, EventReader(path).read_all())
    return columns


def aedat4(path):
    import aedat
    import dv_processing as dv

    other = [p["events"] for p in aedat.Decoder(path) if "events" in p]
    if not other:
        # dv-processing takes no file without events; the decoder of aedat says the sensor's sides.
        stream, = aedat.Decoder(path).id_to_stream().values()
        return {**{name: np.zeros(0) for name in "txyp"}, "width": stream["width"], "height": stream["height"]}
    reader = dv.io.MonoCameraRecording(path)
    packets = []
    while reader.isRunning():
        packet = reader.getNextEventBatch()
        if packet is not None and packet.size():
            packets.append(packet.numpy())
    columns = {name: np.concatenate([p[key] for p in packets]) if packets else np.zeros(0)
               for name, key in [("t", "timestamp"), ("x", "x"), ("y", "y"), ("p", "polarity")]}
    columns["width"], columns["height"] = reader.getEventResolution()
    # A second reader, by other authors.
    expect_equal(columns, {name: np.concatenate([p[key] for p in other]) for name, key in zip("txyp", ["t", "x", "y", "on"])})
    return columns


def evt2(path):
    from expelliarmus import Wizard

    columns = with_faery(path)
    # A second reader, by other authors, which does not count the overflows of the time's 34 bits.
    events = Wizard(encoding="evt2").read(path)
    second = {name: np.zeros(0) for name in "txyp"} if events is None else events
    expect_equal({**columns, "t": columns["t"] % 2**34}, second)
    return columns


def evt3(path):
    import evt3 as package

    events = package.decode_file(path)
    columns = {"t": events.timestamp, "x": events.x, "y": events.y, "p": events.polarity}
    columns = {name: np.asarray(values) for name, values in columns.items()}
    # A second reader, by other authors, which sees an overflow where a last high word is followed by a first one.
    expect_equal(columns, with_faery(path))
    return {**columns, "width": events.sensor_width, "height": events.sensor_height}


if __name__ == "__main__":
    columns = globals()[sys.argv[1]](sys.argv[2])
    np.savez(sys.argv[3], **{name: np.asarray(values).astype(np.int64) for name, values in columns.items()})
