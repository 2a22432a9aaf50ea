# One arm a run, in Python: arms.py ARM N PATH. Prints nanoseconds an element, of the processor.
import os
import sqlite3
import sys
import time

import numpy

arm, n, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
CHUNK = 1000


def rewrite():
    numpy.save(path, numpy.zeros(0))
    for _ in range(n // CHUNK):
        numpy.save(path, numpy.concatenate([numpy.load(path), numpy.full(CHUNK, 1.5)]))


def header_in_place():  # as npy-append-array: the elements behind the others, then the header anew
    chunk = numpy.full(CHUNK, 1.5)
    with open(path, "wb") as file:
        file.write(b" " * 128)
        for i in range(n // CHUNK):
            file.seek(0, os.SEEK_END)
            chunk.tofile(file)
            header = "{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }" % ((i + 1) * CHUNK)
            file.seek(0)
            file.write(b"\x93NUMPY\1\0\x76\0" + header.ljust(117).encode() + b"\n")
            file.flush()


def package():  # npy-append-array itself, if it is installed
    from npy_append_array import NpyAppendArray
    chunk = numpy.full(CHUNK, 1.5)
    with NpyAppendArray(path, delete_if_exists=True) as file:
        for _ in range(n // CHUNK):
            file.append(chunk)


def sqlite():
    if os.path.exists(path):
        os.remove(path)
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("create table samples (x real)")
    base.execute("begin")
    base.executemany("insert into samples values (?)", ((float(i),) for i in range(n)))
    base.execute("commit")
    base.close()


start = time.process_time_ns()
{"rewrite": rewrite, "header": header_in_place, "package": package, "sqlite": sqlite}[arm]()
print((time.process_time_ns() - start) / n)
