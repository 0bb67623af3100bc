"""Reads a comparison.json and a comparison.csv with Python's own readers and prints what they hold."""

import csv
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    rows = json.load(file)
with open(sys.argv[2], encoding="utf-8", newline="") as file:
    table = list(csv.reader(file))
print(json.dumps({"rows": rows, "csv": table}))
