"""Reads a VCD with an independent parser and prints, for each signal, how long it was up and how often it changed.

Usage: vcd_activity.py FILE.vcd END_PS
"""

import json
import sys

from vcdvcd import VCDVCD

vcd = VCDVCD(sys.argv[1])
end = int(sys.argv[2])
unit_ps = round(float(vcd.timescale["timescale"]) * 1e12)
assert unit_ps >= 1, vcd.timescale

activity = {}
for name in vcd.signals:
    changes = [(time * unit_ps, int(value, 2)) for time, value in vcd[name].tv]
    times = [time for time, _ in changes[1:]] + [end]
    activity[name.split("[")[0]] = {
        "busy_ps": sum(t1 - t0 for (t0, value), t1 in zip(changes, times) if value),
        "last": changes[-1][1],
        "largest": max(value for _, value in changes),
        "end_ps": changes[-1][0],
    }
print(json.dumps(activity))
