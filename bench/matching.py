#!/usr/bin/env python3
"""The matching solver beside HiGHS, on the same instances in the same run (see bench/README.md).

  matching.py MEASURE JIEDUI [SECONDS]   MEASURE: the example `measure` of crates/matching, JIEDUI: the binary
"""
import json, os, re, statistics, subprocess, sys, tempfile, time

import highspy
import numpy as np

SIZES = [("roomy", 30, 15, 20), ("tight", 30, 15, 20), ("hard", 30, 15, 20),
         ("roomy", 57, 40, 60), ("tight", 57, 40, 60), ("hard", 57, 40, 60),
         ("tight", 122, 60, 140), ("hard", 122, 60, 140)]
GOALS = {(30, "roomy"): 10, (30, "tight"): 10, (30, "hard"): 10, (57, "roomy"): 50, (57, "tight"): 50, (57, "hard"): 50,
         (122, "tight"): 300, (122, "hard"): 2000}


SEEDS = 20


def highs(instance, limit):
    """The optimum by HiGHS on the allowed triples, and the seconds it took; None where it did not prove one."""
    schools, leads, nearby = instance["county_schools"], instance["leads"], instance["nearby"]
    cover_l = np.array([p["cover"] for p in leads]), np.array([p["cover"] for p in nearby])
    best = np.maximum(cover_l[0][:, None, :], cover_l[1][None, :, :])
    cost, index, start = [], [], [0]
    rows = len(schools) + len(leads) + len(nearby)
    for j, school in enumerate(schools):
        cover = best @ np.array(school["weights"])
        for l, a in enumerate(instance["lead_scores"][j]):
            if a is None:
                continue
            for n, b in enumerate(instance["nearby_scores"][j]):
                if b is None or leads[l]["id"] == nearby[n]["id"]:
                    continue
                cost.append(float(a + b + cover[l, n]))
                index.extend([j, len(schools) + l, len(schools) + len(leads) + n])
                start.append(len(index))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), rows
    model.col_cost_ = np.array(cost)
    model.col_lower_, model.col_upper_ = np.zeros(len(cost)), np.ones(len(cost))
    model.row_lower_ = np.array([1.0] * len(schools) + [float(p["min"]) for p in leads + nearby])
    model.row_upper_ = np.array([1.0] * len(schools) + [float(p["max"]) for p in leads + nearby])
    model.sense_ = highspy.ObjSense.kMaximize
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = np.array(start), np.array(index)
    model.a_matrix_.value_ = np.ones(len(index))
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("log_to_console", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.99)
    solver.setOptionValue("time_limit", float(limit))
    solver.passModel(model)
    begun = time.monotonic()
    solver.run()
    took = time.monotonic() - begun
    proved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return (round(solver.getObjectiveValue()) if proved else None), took


ANSWER = re.compile(r"^( *\S+) (\w+) objective Some\((-?\d+)\) bound Some\((-?\d+)\) leaves Ok\((\d+)\) in ([\d.]+) ms processor ([\d.]+) ms", re.M)


def ours(measure, args, command="time"):
    """Each answer of a run: name, status, objective, bound, leaves, milliseconds on the clock and of the processor."""
    out = subprocess.run([measure, command, *map(str, args)], capture_output=True, text=True, check=True).stdout
    found = ANSWER.findall(out)
    assert len(found) == len(out.splitlines()), out
    return [(name.strip(), status, int(objective), int(bound), int(leaves), float(took), float(used))
            for name, status, objective, bound, leaves, took, used in found]


def least(measure, args, command="time", runs=3):
    """For each answer the least processor time of some runs: what other work on the machine adds is left out."""
    times, answers = None, None
    for _ in range(runs):
        answers = ours(measure, args, command)
        assert all(answer[1] == "Optimal" for answer in answers), args
        used = [answer[6] for answer in answers]
        times = used if times is None else [min(pair) for pair in zip(times, used)]
    return times, answers


def family(measure, work, size, limit):
    name, times, peer, leaves, agree, unproved = size[0], [], [], [], 0, 0
    for seed in range(1, SEEDS + 1):
        args = [*size, seed]
        used, (answer,) = least(measure, args)
        times.append(used[0])
        leaves.append(answer[4])
        if seed > (1 if size[1] > 100 else 3):
            continue
        path = os.path.join(work, "instance.json")
        subprocess.run([measure, "make", *map(str, args), path], check=True)
        with open(path, encoding="utf-8") as file:
            objective, took = highs(json.load(file), limit)
        peer.append(took)
        if objective is None:
            unproved += 1
        else:
            assert objective == answer[2], (args, objective, answer[2])
            agree += 1
    goal = GOALS[(size[1], name)]
    shown = f"{statistics.median(peer):.1f} s" + (f" ({unproved} of {len(peer)} not proved in {limit} s)" if unproved else "")
    ratio = statistics.median(peer) * 1e3 / statistics.median(times)
    print(f"| {size[1]}×{size[2]}×{size[3]} {name} | {statistics.median(times):.1f} ms | {max(times):.1f} ms | {goal} ms | "
          f"{max(leaves)} | {shown} | {ratio:.0f} | {agree} |", flush=True)


def differential(jiedui, measure, work, count):
    """Small instances through the command line: what HiGHS finds, we find."""
    agree = 0
    for seed in range(count):
        path = os.path.join(work, "small.json")
        subprocess.run([measure, "make", ["roomy", "tight", "hard", "local"][seed % 4], "8", "5", "6", str(seed), path], check=True)
        out = subprocess.run([jiedui, "match", path], capture_output=True, text=True, check=True).stdout
        with open(path, encoding="utf-8") as file:
            objective, _ = highs(json.load(file), 60)
        assert json.loads(out)["objective"] == objective, (seed, objective)
        agree += 1
    return agree


def main():
    measure, jiedui = sys.argv[1:3]
    limit = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    with tempfile.TemporaryDirectory() as work:
        print(f"| instance | ours, median of {SEEDS} | slowest of {SEEDS} | goal | most leaves | HiGHS | HiGHS ÷ ours | same optimum |")
        print("|---|---|---|---|---|---|---|---|")
        for size in SIZES:
            family(measure, work, size, limit)
        again = [took for seed in range(1, 11) for took in least(measure, ["tight", 57, 40, 60, seed], "what-if")[0][1:]]
        print(f"\nWhat-if at 57×40×60 tight ({len(again)} questions, each from the last answer): median {statistics.median(again):.1f} ms,"
              f" slowest {max(again):.1f} ms (goal 20 ms and 40 ms)")
        begun = time.monotonic()
        ((_, status, objective, bound, _, took, _),) = ours(measure, ["local", 2800, 500, 2000, 1])
        print(f"Nation 2,800×500×2,000: {took / 1e3:.1f} s (goal 60 s; with making and verifying {time.monotonic() - begun:.0f} s),"
              f" gap {100 * (bound - objective) / objective:.4f} % (goal 0.01 %)")
        print(f"Small instances through `jiedui match` with the optimum of HiGHS: {differential(jiedui, measure, work, 200)} of 200")


main()
