#!/usr/bin/env python3
"""Checks the figures of `make demo`: check_demo.py RESULT-FOLDER. Prints every violation; fails if there is one."""

import csv
import itertools
import json
import math
import pathlib
import sys

BANKS, INPUTS = ["homogeneous", "heterogeneous"], ["dense", "sparse"]
IDENTITY = ["image", "bank", "input", "model", "chip"]
MARKS = ["estimate", "missing_costs", "hypothetical"]
TARGET_GAP = 0.05
MEMORY_LIMIT = 2e9

PARTS = ["energy.synapse", "energy.soma", "energy.axon", "energy.network", "energy.host"]
COUNTS = [
    "input.events", "timesteps", "spikes", "synops", "neuron_updates.active", "neuron_updates.inactive", "packets",
    "hops", "saturations", "mapping.cores", "mapping.chips", "quality.reached_step", "quality.nonzeros",
    "optimum.nonzeros",
]
REALS = PARTS + [
    "time.latency", "time.barrier", "time.busiest_core", "throughput.images_per_s", "energy.dynamic", "energy.static",
    "energy.total", "energy.delay_product", "quality.gap", "quality.objective", "quality.optimum", "quality.psnr",
    "quality.sparseness", "optimum.sparseness", "host.seconds", "host.synops_per_s", "host.peak_memory",
]
SPARSE_ONLY = ["encode.seconds", "code.gap", "drive.gap"]
POSITIVE = ["input.events", "timesteps", "spikes", "synops", "packets", "time.latency", "energy.total", "mapping.cores",
            "mapping.chips", "quality.objective", "quality.optimum"]
SIGNED = ["quality.psnr", "quality.gap"]

problems = []


def check(holds, *message):
    if not holds:
        problems.append(": ".join(str(part) for part in message))
    return holds


def load(path):
    def refuse(token):
        raise ValueError(f"{token} is not JSON")

    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_constant=refuse)


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-30)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def check_presence(place, values, is_sparse):
    names = COUNTS + REALS + (SPARSE_ONLY if is_sparse else [])
    complete = True
    for name in names:
        complete &= check(is_number(values.get(name)), place, f"{name} is {values.get(name)!r}, not a number")
    for name in COUNTS:
        complete &= check(isinstance(values.get(name), int), place, f"{name} is not a whole number")
    return complete


def check_figures(place, values):
    """What must hold between the numbers of a row, whatever they are."""
    for name in COUNTS + REALS:
        check(name in SIGNED or values[name] >= 0, place, f"{name} is negative")
    for name in POSITIVE:
        check(values[name] > 0, place, f"{name} is not positive")
    dynamic = math.fsum(values[name] for name in PARTS)
    check(close(values["energy.dynamic"], dynamic), place, f"the parts of energy.dynamic add up to {dynamic}")
    total = values["energy.dynamic"] + values["energy.static"]
    check(close(values["energy.total"], total), place, f"dynamic and static energy add up to {total}")
    product = values["energy.total"] * values["time.latency"]
    check(close(values["energy.delay_product"], product), place, f"energy.total × time.latency is {product}")
    rate = 1 / values["time.latency"]
    check(close(values["throughput.images_per_s"], rate), place, f"1 / time.latency is {rate}")
    gap = (values["quality.objective"] - values["quality.optimum"]) / values["quality.optimum"]
    check(math.isclose(values["quality.gap"], gap, rel_tol=1e-6, abs_tol=1e-9), place, f"the objectives' gap is {gap}")
    check(-1e-6 <= values["quality.gap"] <= TARGET_GAP, place, f"quality.gap is {values['quality.gap']}")
    for name in ("quality.sparseness", "optimum.sparseness"):
        check(values[name] <= 1, place, f"{name} is above 1")
    check(values["time.barrier"] <= values["time.latency"], place, "time.barrier is longer than time.latency")
    check(values["host.peak_memory"] < MEMORY_LIMIT, place, f"host.peak_memory is {values['host.peak_memory']}")


def check_marks(place, stats):
    """A sum carries the marks of its parts."""
    for name, parts in [("energy.dynamic", PARTS), ("energy.total", ["energy.dynamic", "energy.static"]),
                        ("energy.delay_product", ["energy.total"])]:
        is_estimate = any(stats[part].get("estimate", False) for part in parts)
        check(stats[name].get("estimate", False) or not is_estimate, place, f"{name} is not marked as an estimate")
        missing = {cost for part in parts for cost in stats[part].get("missing_costs", [])}
        unsaid = missing - set(stats[name].get("missing_costs", []))
        check(not unsaid, place, f"{name} does not say that it lacks {sorted(unsaid)}")


def check_statistics_file(place, file):
    check(file.get("schema") == "rheobase.stats/1", place, f"the schema is {file.get('schema')!r}")
    check(isinstance(file.get("run"), dict) and file["run"], place, "the run's configuration is missing")
    for name, entry in file["stats"].items():
        check({"value", "unit", "description"} <= entry.keys(), place, f"{name} lacks a value, unit or description")


def check_csv(place, path, stats):
    with open(path, encoding="utf-8", newline="") as file:
        values = {row["name"]: row["value"] for row in csv.DictReader(file)}
    check(values.keys() == stats.keys(), place, "stats.csv and stats.json have different names")
    for name, entry in stats.items():
        if is_number(entry["value"]) and values.get(name):
            check(float(values[name]) == entry["value"], place, f"stats.csv has {values[name]} for {name}")


def check_row(folder, row):
    place = f"{row['bank']}-{row['input']}"
    result = folder / place
    for name in ("run.yaml", "stats.json", "stats.csv"):
        if not check((result / name).is_file(), place, f"{name} is missing"):
            return
    file = load(result / "stats.json")
    check_statistics_file(place, file)
    stats = file["stats"]
    values = {name: entry["value"] for name, entry in stats.items()}
    check_csv(place, result / "stats.csv", stats)
    plain = {name: value for name, value in row.items() if name not in IDENTITY + ["marks"]}
    differing = sorted(name for name in plain.keys() | values.keys() if plain.get(name) != values.get(name))
    check(not differing, place, f"comparison.json and stats.json differ in {differing}")
    marks = {name: {mark: entry[mark] for mark in MARKS if mark in entry} for name, entry in stats.items()}
    marks = {name: entry for name, entry in marks.items() if entry}
    check(row.get("marks") == marks, place, "comparison.json does not have the marks of stats.json")
    check("energy.total" in marks, place, "energy.total has no marks, and the chip's energies are estimates")
    if check_presence(place, values, row["input"].startswith("sparse")):
        check_figures(place, values)
        check_marks(place, stats)


def main():
    folder = pathlib.Path(sys.argv[1])
    rows = load(folder / "comparison.json")
    check((folder / "comparison.csv").is_file(), "comparison.csv is missing")
    found = sorted((row["bank"], row["input"]) for row in rows)
    check(found == sorted(itertools.product(BANKS, INPUTS)), f"the rows are {found}")
    for row in rows:
        check(all(isinstance(row.get(name), str) for name in IDENTITY), row.get("bank"), "its identity is incomplete")
        check_row(folder, row)
    for problem in problems:
        print(f"check_demo: {problem}", file=sys.stderr)
    print(f"check_demo: {len(rows)} rows, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
