"""NumPy's half of bench/container.lua: reads `operation type size repeats` by the line, answers with the
seconds that one repetition took. Data are made once for each type and size, from the file that is named
first: raw doubles, the same that the Lua side has."""
import sys
import time

import numpy as np

try:
    import numexpr

    numexpr.set_num_threads(1)
except ImportError:
    numexpr = None

data = np.fromfile(sys.argv[1])
made = {}


def arrays(kind, size):
    if (kind, size) not in made:
        made.clear()
        a = data[:size].astype(kind)
        places = np.random.permutation(size)
        mask = np.random.random(size) > 0.5
        made[kind, size] = a, np.ones_like(a), np.empty_like(a), places, mask, np.sort(a)
    return made[kind, size]


def timed(operation, kind, size, repeats):
    if operation == "loadtxt":  # kind is the path
        start = time.perf_counter()
        np.loadtxt(kind, delimiter=",", unpack=True)
        return time.perf_counter() - start
    a, ones, out, places, mask, ordered = arrays(kind, size)
    both = {"x": a, "y": ones}
    absent = -5
    run = {
        "sum": lambda: a.sum(),
        "min": lambda: a.min(),
        "max": lambda: a.max(),
        "fill": lambda: out.fill(7),
        "copy": lambda: a.copy(),
        "add": lambda: a + ones,
        "add in place": lambda: np.add(out, ones, out=out),
        "cumsum": lambda: np.cumsum(out, dtype=kind, out=out),
        "index_of": lambda: (a == absent).argmax(),
        "reverse": lambda: np.copyto(out, a[::-1]),
        "compute": lambda: 2 * a + ones * ones,
        "numexpr compute": lambda: numexpr.evaluate("2*x + y*y", both),
        "mask": lambda: (a > 500000000) & (ones < 2),
        "numexpr mask": lambda: numexpr.evaluate("(x > 500000000) & (y < 2)", both),
        "take": lambda: a.take(places),
        "where": lambda: a[mask],
        "diff": lambda: np.diff(a),
        "cummax": lambda: np.maximum.accumulate(a, out=out),
        "var": lambda: a.var(),
        "histogram": lambda: np.histogram(a, 50, (0, 1 << 30)),
        "rolling mean": lambda: np.convolve(a, np.full(50, 1 / 50), "valid"),
        "argsort": lambda: a.argsort(kind="stable"),
        "top": lambda: np.argpartition(a, size - 10)[-10:],
        "unique": lambda: np.unique(a, return_counts=True),
        "lower_bound": lambda: np.searchsorted(ordered, a),
        "shuffle": lambda: np.random.shuffle(out),
    }
    if operation == "sort":  # of data in their first order each time; putting them there is not timed
        total = 0.0
        for _ in range(repeats):
            np.copyto(out, a)
            start = time.perf_counter()
            out.sort()
            total += time.perf_counter() - start
        return total / repeats
    out.fill(0)
    function = run[operation]
    start = time.perf_counter()
    for _ in range(repeats):
        function()
    return (time.perf_counter() - start) / repeats


print("numpy " + np.__version__ + (", numexpr " + numexpr.__version__ if numexpr else ""), flush=True)
for line in sys.stdin:
    operation, kind, size, repeats = line.rstrip("\n").split("|")
    print(repr(timed(operation, kind, int(size), int(repeats))), flush=True)
