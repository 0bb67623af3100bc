#!/usr/bin/env python3
"""Runs all benchmarks, ours and the rivals' in turn, prints one table and writes results.json beside this file."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
RIVALS = HERE / "Rivals"
IMAGE = HERE.parent / "photographs" / "camera.png"
# Rivals that take a minute a step are timed over few.
SANAFE_STEPS = {("rand", 10_000): 20, ("local", 10_000): 50, ("rand", 100_000): 3, ("local", 100_000): 10}
OUR_STEPS = {("rand", 10_000): 400, ("local", 10_000): 1000, ("rand", 100_000): 20, ("local", 100_000): 100}
CYCLE_STEPS = 3
LCA_STEPS = 100
EVENTS = 100_000_000
# A run of more than 10^6 spikes.
SPIKING = ["--chip", "loihi1", "--model", "spiking", "--input", "dense-rate", "--lambda", "0.05", "--timesteps", 1700]
# How often networks and that run are timed; of networks the fastest counts, on both sides.
REPEATS = 3


class Bench:
    def __init__(self, bench, rheobase, python):
        self.bench, self.rheobase, self.python = bench, rheobase, python
        self.rows = []

    def ours(self, *arguments):
        return json.loads(output([self.bench, *map(str, arguments)]))

    def rival(self, script, *arguments):
        lines = output([self.python, RIVALS / script, *map(str, arguments)]).splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def add(self, row, work, ours, rival, unit, ratio, target, met, **more):
        self.rows.append(
            {"row": row, "work": work, "ours": ours, "rival": rival, "unit": unit, "ratio": ratio, "target": target,
             "met": met, **more}
        )
        against = "" if rival is None else f" against {rival:.4g}"
        print(f"  {row}  {work}: {ours:.4g}{against} {unit} ({target})", file=sys.stderr)

    def convolution(self):
        r = self.ours("convolution")
        bare = max(r["bareMultiplyAddsPerSecond"], r["bareAddsPerSecond"])
        rate = r["synopsPerSecond"]
        self.add(
            1, "convolutional events into 32-bit sums, beside a bare loop", rate / 1e9, bare / 1e9, "G synops/s",
            rate / bare, ">= 0.7, and >= 8 G synops/s", rate >= 0.7 * bare and rate >= 8e9, details=r,
        )

    def lca(self):
        with tempfile.TemporaryDirectory() as folder:
            bank, result = f"{folder}/bank.npz", f"{folder}/result"
            output([self.rheobase, "bank", "make", "heterogeneous", "--output", bank])
            begin = time.perf_counter()
            output([self.rheobase, "run", "--image", IMAGE, "--timesteps", str(LCA_STEPS), "--threads", "2",
                    "--output", result])
            whole = time.perf_counter() - begin
            stats = json.loads(Path(result, "stats.json").read_text())["stats"]
            reference = stats["reference.seconds"]["value"]
            begin = time.perf_counter()
            [torch] = self.rival("lca_torch.py", bank, 64, 2, 0.2, LCA_STEPS, 2)
            start_up = time.perf_counter() - begin - sum(torch["seconds"].values())
        ours, rival = whole - reference, min(torch["seconds"].values()) + start_up
        self.add(
            2, f"delta LCA of a 64 x 64 crop, {LCA_STEPS} steps, whole process, beside PyTorch without a chip", ours,
            rival, "s", ours / rival, "<= 1.0", ours <= rival,
            details={"whole_s": whole, "reference_s": reference, "torch": torch, "torchStartUp_s": start_up},
        )

    def encoding(self):
        """The certificate of sporco is waited for until it has taken 20 times ours."""
        with tempfile.TemporaryDirectory() as folder:
            code = f"{folder}/code.npz"
            output([self.rheobase, "encode", IMAGE, "--bank", "heterogeneous", "--crop", "256", "--stride", "1",
                    "--boundary", "circular", "--lambda", "0.05", "--tolerance", "0.1", "--output", code])
            bound = self.ours("encode", IMAGE, "--gap", "0.001")["bound"]
            ours = self.ours("encode", IMAGE, "--optimum", bound)
            limit = 20 * ours["seconds"]
            [sporco] = self.rival("sporco_cbpdn.py", code, bound, "--seconds", limit)
        primal, certificate = sporco["primal"] or sporco["last"], sporco["certificate"]
        details = {"optimum": bound, "ours": ours, "sporco": sporco}
        work = "sparse code of 256 x 256, stride 1, beside sporco ConvBPDN"
        ratio = primal["seconds"] / ours["primalSeconds"]
        self.add(6, f"{work}: objective within 1 %", ours["primalSeconds"], primal["seconds"], "s", ratio, ">= 5",
                 ratio >= 5, details=details)
        waited = (certificate or sporco["last"])["seconds"]
        ratio = waited / ours["seconds"]
        self.add(6, f"{work}: certified within 1 %" + ("" if certificate else " (stopped; gap "
                 f"{sporco['last']['gap']:.1%})"), ours["seconds"], waited, "s", ratio, ">= 20", ratio >= 20)
        ratio = ours["peakMemory_B"] / sporco["peakMemory_B"]
        self.add(6, f"{work}: peak memory", ours["peakMemory_B"] / 1e6, sporco["peakMemory_B"] / 1e6, "MB", ratio,
                 "<= 0.25", ratio <= 0.25)

    def study(self):
        """The study's own size, both banks, on as many Loihi 2 as it takes; linear in the image's area."""
        points = {}
        for bank in ["homogeneous", "heterogeneous"]:
            for side in [64, 128, 256]:
                with tempfile.TemporaryDirectory() as folder:
                    result = f"{folder}/result"
                    began = time.perf_counter()
                    output([
                        self.rheobase, "run", "--image", IMAGE, "--bank", bank, "--crop", side, "--stride", 1, "--model",
                        "residual", "--threads", 2, "--set", "send_threshold=0.025", "--set", "step_limit=8000",
                        "--output", result])
                    seconds = time.perf_counter() - began
                    stats = json.loads(Path(result, "stats.json").read_text())["stats"]
                points[bank, side] = {
                    "bank": bank, "side": side, "seconds": seconds,
                    **{key: stats[key]["value"] for key in STUDY_STATISTICS},
                }
        for bank in ["homogeneous", "heterogeneous"]:
            p = points[bank, 256]
            met = p["quality.reached_step"] is not None and p["seconds"] <= 600 and p["host.peak_memory"] <= 4e9
            self.add(7, f"residual LCA of 256 x 256, stride 1, {bank}, on {p['mapping.chips']} Loihi 2, to a gap of "
                     f"{p['quality.gap']:.1%}, {p['host.peak_memory'] / 1e9:.2f} GB", p["seconds"], None, "s", None,
                     "<= 600 s, <= 4 GB, gap <= 5 %", met, points=[points[bank, side] for side in [64, 128, 256]])

    def networks(self):
        targets = {("rand", 10_000): 40, ("rand", 100_000): 100, ("local", 10_000): 25, ("local", 100_000): 30}
        for (topology, neurons), target in targets.items():
            size = ["--topology", topology, "--neurons", neurons]
            steps = SANAFE_STEPS[topology, neurons]
            simple, detailed = self.rival("sanafe_network.py", topology, neurons, steps, REPEATS, "simple", "detailed")
            ours = self.ours("network", *size, "--steps", OUR_STEPS[topology, neurons], "--repetitions", REPEATS)
            ratio = ours["stepsPerSecond"] / detailed["stepsPerSecond"]
            self.add(
                3, f"{topology}, {neurons} neurons, beside SANA-FE detailed", ours["stepsPerSecond"],
                detailed["stepsPerSecond"], "steps/s", ratio, f">= {target}", ratio >= target,
                details={"ours": ours, "simple": simple, "detailed": detailed},
            )
            if neurons == 100_000:
                self.memory(topology, ours, detailed)

    def cycle(self):
        [cycle] = self.rival("sanafe_network.py", "rand", 10_000, CYCLE_STEPS, REPEATS, "cycle")
        ours = self.ours("network", "--timing", "detailed", "--steps", 100, "--repetitions", REPEATS)
        ratio = ours["stepsPerSecond"] / cycle["stepsPerSecond"]
        self.add(
            4, "rand, 10000 neurons, each hop an event, beside SANA-FE cycle", ours["stepsPerSecond"],
            cycle["stepsPerSecond"], "steps/s", ratio, ">= 300", ratio >= 300, details={"ours": ours, "cycle": cycle},
        )

    def memory(self, topology, ours, rival):
        floor = self.ours("network", "--neurons", 100, "--fanout", 1, "--steps", 10)["peakMemory_B"]
        synapses = ours["neurons"] * ours["fanout"]
        each, theirs = (ours["peakMemory_B"] - floor) / synapses, rival["peakMemory_B"] / synapses
        self.add(
            5, f"peak memory of an explicit synapse, {topology} (SANA-FE: with its floor)", each, theirs, "B", each / theirs,
            "<= 8 B, floor <= 50 MB", each <= 8 and floor <= 50e6, floor_B=floor,
        )

    def conversions(self):
        """Events from NumPy columns into each format that must take 5 million a second in 200 MB."""
        with tempfile.TemporaryDirectory() as folder:
            recording, source = f"{folder}/recording.raw", f"{folder}/events.npz"
            self.ours("recording", recording, "--events", EVENTS)
            output([self.rheobase, "events", "convert", recording, source])
            os.unlink(recording)
            for suffix in ["npz", "evt3", "sqlite"]:
                used = usage([self.rheobase, "events", "convert", source, f"{folder}/out.{suffix}"])
                os.unlink(f"{folder}/out.{suffix}")
                rate = EVENTS / used["seconds"]
                met = rate >= 5e6 and used["peakMemory_B"] <= 200e6
                self.add(9, f"{EVENTS:.0e} events from npz to {suffix}, {used['peakMemory_B'] / 1e6:.0f} MB", rate / 1e6, None,
                         "M events/s", None, ">= 5 M events/s, <= 200 MB", met, details=used)
            used = usage([self.rheobase, "events", "inspect", source])
            self.add(9, f"{EVENTS:.0e} events inspected, {used['peakMemory_B'] / 1e6:.0f} MB", EVENTS / used["seconds"] / 1e6,
                     None, "M events/s", None, "<= 200 MB", used["peakMemory_B"] <= 200e6, details=used)

    def traces(self):
        """Made spikes of a chip into each format that such a trace has."""
        with tempfile.TemporaryDirectory() as folder:
            for form in ["npz", "sqlite", "csv", "sonata", "nwb"]:
                r = self.ours("spikes", form, f"{folder}/trace", "--spikes", EVENTS)
                os.unlink(f"{folder}/trace")
                rate, memory = r["spikesPerSecond"], r["peakMemory_B"]
                has_target = form in ["npz", "sqlite"]
                met = memory <= 200e6 and (rate >= 5e6 or not has_target)
                self.add(9, f"{EVENTS:.0e} spikes of a chip into {form}, {memory / 1e6:.0f} MB", rate / 1e6,
                         None, "M spikes/s", None,
                         (">= 5 M spikes/s, " if has_target else "") + "<= 200 MB", met, details=r)

    def spike_traces(self):
        """Processor time of a run with a trace of its spikes, and of one that is the same but for it, in turn; the medians
        count."""
        pairs = [("spikes", ""), ("npz", ""), ("sonata", ""), ("nwb", ""), ("steps,spikes", "steps")]
        times = {traces: [] for pair in pairs for traces in pair}
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(REPEATS):
                for traces in times:
                    used = usage([self.rheobase, "run", "--image", IMAGE, *SPIKING, "--traces", traces, "--output", f"{folder}/r"])
                    times[traces].append(used["processorSeconds"])
            stats = json.loads(Path(f"{folder}/r/stats.json").read_text())["stats"]
        spikes, medians = stats["spikes"]["value"], {traces: statistics.median(each) for traces, each in times.items()}
        for traces, without in pairs:
            ours, base = medians[traces], medians[without]
            self.add(10, f"run of {spikes:.3g} spikes, --traces '{traces}' beside '{without}'", ours, base, "s", ours / base,
                     "<= 1.15, >= 1e6 spikes", ours <= 1.15 * base and spikes >= 1e6, times=times)

    def activity(self):
        points = []
        for period in [10, 15, 20, 30, 50, 100]:
            r = self.ours("network", "--topology", "local", "--neurons", 100_000, "--period", period, "--steps", 100)
            points.append((100_000 / period, 1 / r["stepsPerSecond"]))
        slope, base, worst = line(points)
        self.add(
            8, "time of a step by spikes, local, 100000 neurons: linear, largest residual", worst * 100, None, "%", None,
            "shown", None, points=points, perSpike_s=slope, perStep_s=base,
        )


STUDY_STATISTICS = [
    "quality.reached_step", "quality.gap", "mapping.chips", "host.seconds", "host.peak_memory", "reference.seconds"
]


def line(points):
    """Least squares weighted by 1 / y, and the largest relative residual."""
    w = [1 / y**2 for _, y in points]
    sw, sx = sum(w), sum(a * x for a, (x, _) in zip(w, points))
    sy, sxx = sum(a * y for a, (_, y) in zip(w, points)), sum(a * x * x for a, (x, _) in zip(w, points))
    sxy = sum(a * x * y for a, (x, y) in zip(w, points))
    slope = (sw * sxy - sx * sy) / (sw * sxx - sx * sx)
    base = (sy - slope * sx) / sw
    return slope, base, max(abs(base + slope * x - y) / y for x, y in points)


def output(command):
    environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    return subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def usage(command):
    """Time and memory of a process: wall clock, processor, and the largest memory that it has had."""
    began = time.perf_counter()
    child = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return {"seconds": time.perf_counter() - began, "processorSeconds": used.ru_utime + used.ru_stime,
            "userSeconds": used.ru_utime, "peakMemory_B": 1024 * used.ru_maxrss}


def machine():
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def table(rows):
    lines = ["| # | Work | Rheobase | Rival | | Ratio | Target | |", "|---|---|---|---|---|---|---|---|"]
    for r in rows:
        mark = {True: "met", False: "**missed**", None: ""}[r["met"]]
        rival, ratio = ("–" if r[key] is None else f"{r[key]:.4g}" for key in ["rival", "ratio"])
        lines.append(
            f"| {r['row']} | {r['work']} | {r['ours']:.4g} | {rival} | {r['unit']} | {ratio} | {r['target']} | {mark} |"
        )
    return "\n".join(lines)


def versions(python):
    """What was timed: this program, its compiler, and the rivals."""
    show = "import importlib.metadata as m; print(*(f'{p} {m.version(p)}' for p in ['torch', 'sanafe', 'sporco']), sep=', ')"
    return {
        "commit": output(["git", "-C", HERE, "describe", "--always", "--dirty"]).strip(),
        "swift": output(["swift", "--version"]).splitlines()[0],
        "rivals": output([python, "-c", show]).strip(),
    }


def row(text):
    if text not in map(str, range(1, 11)):
        raise argparse.ArgumentTypeError(f"'{text}' is no row; rows are 1 to 10")
    return int(text)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ["bench", "rheobase", "python"]:
        parser.add_argument(name, type=Path)
    parser.add_argument("rows", nargs="*", type=row, metavar="ROW", help="1 to 10; all without one")
    given = parser.parse_args()
    for path in [given.bench, given.rheobase, given.python]:
        if not os.access(path, os.X_OK):
            parser.error(f"{path} is no program; make bench builds all that is needed")
    return given


def main():
    given = arguments()
    bench = Bench(given.bench, given.rheobase, given.python)
    chosen = set(given.rows) or set(range(1, 11))
    parts = [({1}, bench.convolution), ({2}, bench.lca), ({3, 5}, bench.networks), ({4}, bench.cycle),
             ({6}, bench.encoding), ({7}, bench.study), ({8}, bench.activity), ({9}, bench.conversions),
             ({9}, bench.traces), ({10}, bench.spike_traces)]
    for rows, part in parts:
        if rows & chosen:
            part()
    rows = sorted(bench.rows, key=lambda r: r["row"])
    print(f"{machine()}\n\n{table(rows)}")
    if chosen == set(range(1, 11)):
        document = {"machine": machine(), "date": time.strftime("%Y-%m-%d"), **versions(given.python), "rows": rows}
        partial = Path(HERE, "results.json.partial")
        partial.write_text(json.dumps(document, indent=1) + "\n")
        partial.replace(HERE / "results.json")


main()
