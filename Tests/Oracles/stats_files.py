"""Reads a stats.json and a stats.csv with Python's own readers and prints what they hold."""

import csv
import json
import sys


def refuse(token):
    raise ValueError(f"{token} is not JSON")


with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file, parse_constant=refuse)
with open(sys.argv[2], encoding="utf-8", newline="") as file:
    table = list(csv.reader(file))

stats = document["stats"]


def number(value):
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


print(json.dumps({
    "schema": document["schema"],
    "names": list(stats),
    "values": {name: number(entry["value"]) for name, entry in stats.items()},
    "estimates": [name for name, entry in stats.items() if entry.get("estimate")],
    "missing": {name: entry["missing_costs"] for name, entry in stats.items() if "missing_costs" in entry},
    "csv": table,
}))
