import sys
import numpy
samples = numpy.load(sys.argv[1], mmap_mode="r")
if len(samples) > 0:
    print(len(samples), "samples, mean", samples.mean(), "99th percentile", numpy.percentile(samples, 99))
