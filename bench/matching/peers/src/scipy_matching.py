"""Solves a one-to-one instance file by SciPy and prints one line of JSON.

The form of the file is in package instance. A seat that may stay open has a
column of its own that costs the penalty. All costs are one higher than in the
file, since SciPy takes an explicit zero for no edge; the sum is set right
again. cpu_seconds is min_weight_full_bipartite_matching alone, by the clock of
the one thread there is: that of the process runs in steps of a timer tick while
a limit of processor time is set.
"""

import json
import sys
import time

import numpy as np
import scipy
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

MANDATORY = 2**63 - 1


def read(path):
    with open(path, "rb") as f:
        f.read(8)
        requests, volunteers, arcs = np.fromfile(f, np.int64, 3)
        np.fromfile(f, np.int64, requests)  # seats, all 1
        penalty = np.fromfile(f, np.int64, requests)
        np.fromfile(f, np.int64, requests + volunteers)  # minima, capacities
        first = np.fromfile(f, np.int64, requests + 1)
        volunteer = np.fromfile(f, np.int32, arcs)
        cost = np.fromfile(f, np.int64, arcs)
    return volunteers, penalty, first, volunteer, cost


def build(volunteers, penalty, first, volunteer, cost):
    requests = len(penalty)
    may_drop = np.flatnonzero(penalty != MANDATORY)
    rows = np.concatenate([np.repeat(np.arange(requests), np.diff(first)), may_drop])
    columns = np.concatenate([volunteer, volunteers + np.arange(len(may_drop))])
    weights = np.concatenate([cost, penalty[may_drop]]) + 1
    shape = (requests, volunteers + len(may_drop))
    return csr_matrix((weights.astype(np.float64), (rows, columns)), shape=shape), weights


def peak_kb():
    """High-water mark of this program alone: getrusage also counts its parent's."""
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmHWM:"))


def main():
    if sys.argv[1] == "--version":
        print(scipy.__version__)
        return
    begin = time.thread_time()
    matrix, weights = build(*read(sys.argv[1]))
    built = time.thread_time()
    answer = {"status": "optimal", "objective": 0}
    if weights.max(initial=0) * min(matrix.shape) >= 2**53:
        answer["status"] = "out of range"
        done = built
    else:
        try:
            rows, columns = min_weight_full_bipartite_matching(matrix)
            done = time.thread_time()
            answer["objective"] = int(np.asarray(matrix[rows, columns]).astype(np.int64).sum()) - len(rows)
            if len(rows) < matrix.shape[0]:
                answer["status"] = "infeasible"
        except ValueError as e:
            done = time.thread_time()
            answer["status"] = "infeasible" if "no full matching" in str(e) else "failed"
    answer["cpu_seconds"] = done - built
    answer["build_seconds"] = built - begin
    answer["peak_kb"] = peak_kb()
    answer["version"] = "SciPy " + scipy.__version__
    print(json.dumps(answer))


main()
