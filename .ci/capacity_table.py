#!/usr/bin/env python3
"""The tables of docs/capacity.md, from the program itself: capacity_table.py RHEOBASE DOCUMENT.

Replaces what stands between the markers of the document.
"""

import collections
import json
import pathlib
import subprocess
import sys

SIZES, STRIDES, CHIPS = [32, 64, 128], [1, 2, 3, 4, 6], 16
BEGIN, END = "<!-- made by `make capacity-table` -->", "<!-- end -->"


def check(program, bank, size, stride):
    command = [program, "chip", "check", "--bank", bank, "--size", str(size), "--stride", str(stride), "--chips",
               str(CHIPS), "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def cell(row):
    if not row["can_run"]:
        return None
    if row["fits"]:
        return f"{row['chips']} ({row['cores']})"
    return "no"


def table(program, size):
    cells, marks = collections.defaultdict(dict), {}
    for stride in STRIDES:
        rows = check(program, "heterogeneous", size, stride)
        for row in rows:
            text = cell(row)
            if text:
                marks[row["chip"]] = "*" if row["estimates"] else ""
                cells[row["chip"], row["model"], row["input"]][stride] = text
    lines = ["| Chip | Model | Input | " + " | ".join(f"stride {s}" for s in STRIDES) + " |",
             "|---|---|---|" + "---|" * len(STRIDES)]
    for (chip, model, source), by_stride in cells.items():
        lines.append(f"| `{chip}`{marks[chip]} | `{model}` | `{source}` | " + " | ".join(by_stride[s] for s in STRIDES) + " |")
    return lines


def same_needs(program):
    """Both banks of the study have as many kernels of one size, so they need the same."""
    def needs(bank):
        return [{k: v for k, v in row.items() if k != "bank"} for row in check(program, bank, 64, 2)]
    if needs("homogeneous") != needs("heterogeneous"):
        sys.exit("the two banks need different things: a table for each is needed")


def cannot_run(program):
    reasons = dict.fromkeys(row["reason"] for row in check(program, "heterogeneous", 64, 2) if not row["can_run"])
    return [f"- {reason}." for reason in reasons]


def estimates(program):
    """What the fits rest on, by chip."""
    found = {}
    for row in check(program, "heterogeneous", 64, 2):
        if row.get("estimates"):
            found[row["chip"]] = row["estimates"]
    lines = []
    for chip, texts in found.items():
        lines += [f"- `{chip}`:", *(f"  - {text}" for text in texts)]
    return ["`*` rests on estimates:", "", *lines, ""]


def main(program, document):
    same_needs(program)
    lines = [BEGIN, ""]
    for size in SIZES:
        lines += [f"### {size} × {size} pixels", "", *table(program, size), ""]
    lines += estimates(program) + ["Models that a chip cannot run:", "", *cannot_run(program), "", END]
    path = pathlib.Path(document)
    text = path.read_text()
    head, rest = text.split(BEGIN, 1)
    path.write_text(head + "\n".join(lines) + rest.split(END, 1)[1])


main(*sys.argv[1:])
