"""The programs of bench/programs.lua in NumPy: prints name|seconds. Arguments: the CSV, cells of a side, generations,
tasks, rounds."""
import heapq
import random
import statistics
import sys
import time

import numpy as np

path, side, generations, tasks, rounds = sys.argv[1], *map(int, sys.argv[2:])
group, x, y = np.loadtxt(path, delimiter=",", unpack=True)
board = np.zeros((side + 2, side + 2), dtype=np.uint8)
board[1:-1, 1:-1] = np.random.random((side, side)) < 0.3
due = [random.randrange(1 << 40) for _ in range(tasks)]


def csv():
    g, a, b = np.loadtxt(path, delimiter=",", unpack=True)
    return a.mean(), a.std(), b.mean(), b.std(), [a[g == k].mean() for k in range(1, 6)]


def top():
    rows = np.argsort(-y, kind="stable")[:10]
    return y[rows].sum(), x[rows].sum()


def chosen():
    c = x[(x > 20) & (y < 0.5) & (group != 3)]
    return len(c), c.mean()


def histogram():
    counts, _ = np.histogram(y, 20, (0, 1))
    sums = np.cumsum(x)
    return counts[0], ((sums[49:] - np.concatenate(([0], sums[:-50]))) / 50).max()


def life():
    b = board.copy()
    for _ in range(generations):
        s = b[:-2] + b[1:-1] + b[2:]
        n = s[:, :-2] + s[:, 1:-1] + s[:, 2:]
        b[1:-1, 1:-1] = (n == 3) | ((b[1:-1, 1:-1] == 1) & (n == 4))
    return b.sum()


def queue():
    heap, total = [], 0
    for i, d in enumerate(due):
        heapq.heappush(heap, (d, i, {"due": d}))
    for i in range(tasks):
        total += heapq.heappop(heap)[2]["due"] * (i % 7)
    return total


def log():
    records = np.array([(i, due[i], i % 5, i / 2) for i in range(tasks)])
    return records[records[:, 2] == 2, 3].mean(), records[:, 1].max()


for name, f in [
    ("statistics of a CSV", csv),
    ("top ten by a column", top),
    ("filter", chosen),
    ("histogram and moving average", histogram),
    ("game of life", life),
    ("priority queue of objects", queue),
    ("log of events", log),
]:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        f()
        times.append(time.process_time() - start)
    print(f"{name}|{statistics.median(times)}")
