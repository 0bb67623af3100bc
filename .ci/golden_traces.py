#!/usr/bin/env python3
"""Records traces/ again, on purpose: golden_traces.py RHEOBASE. Run in the repository's folder by `make golden-traces`.

What depends on the place and the date is taken out: the repository's folder in paths, and the date in the VCD. The FST is made
of that VCD. Databases get small pages; their tables stay.
"""

import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

rheobase = sys.argv[1]
root = f"{Path.cwd()}/"
tables = ["spikes.csv", "steps.csv", "spikes.npz", "spikes.sonata.h5", "spikes.nwb"]


def record(run):
    """Runs run.yaml and keeps what it wrote beside it."""
    with tempfile.TemporaryDirectory() as scratch:
        result = Path(scratch) / "result"
        subprocess.run([rheobase, "run", run, "--output", result], check=True, stdout=subprocess.DEVNULL)
        for name in tables:
            if (result / name).exists():
                shutil.copy(result / name, run.parent)
        for name, copy in [("trace.sqlite", database), ("trace.perfetto.json", text), ("activity.vcd", activity)]:
            if (result / name).exists():
                copy(result / name, run.parent / name)


def text(source, destination):
    destination.write_text(source.read_text().replace(root, ""))


def database(source, destination):
    trace = sqlite3.connect(source)
    with trace:
        trace.execute("UPDATE meta SET value = replace(value, ?, '')", [root])
    trace.execute("PRAGMA page_size = 512")
    trace.execute("VACUUM")
    trace.close()
    if source != destination:
        shutil.copy(source, destination)


def activity(source, destination):
    dateless = re.sub(r"(?<=\$date\n).*?(?=\n\$end)", "     -", source.read_text(), count=1, flags=re.DOTALL)
    destination.write_text(dateless)
    subprocess.run(["vcd2fst", destination, destination.with_suffix(".fst")], check=True)


for run in sorted(Path("traces").glob("*/run.yaml")):
    record(run)
for suffix in ["npz", "csv", "evt2", "evt3", "aedat3", "aedat4", "sqlite"]:
    edge = Path(f"traces/moving-edge/edge.{suffix}")
    subprocess.run([rheobase, "events", "make", edge, "--size", "12", "--levels", "2", "--angle", "30"], check=True)
    if suffix == "sqlite":
        database(edge, edge)
