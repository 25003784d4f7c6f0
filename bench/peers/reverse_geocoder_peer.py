"""Python's reverse_geocoder, to compare speeds with (bench/reverse-geocode.bench.ts).

Reads lines of JSON from standard input, answers each with one line:
  {"points": path, "count": n} -> seconds of processor time of n searches of all points in the file, each in one call

The file holds pairs of 64-bit floats, latitude and longitude. Mode 1 is the single-threaded one; the
points become the list of tuples that it wants before the clock starts.
"""

import contextlib
import json
import sys
import time

import numpy as np
import reverse_geocoder

with contextlib.redirect_stdout(sys.stderr):
    reverse_geocoder.search([(0.0, 0.0)], mode=1)  # loads its places
for line in sys.stdin:
    request = json.loads(line)
    pairs = np.fromfile(request["points"], dtype="<f8").reshape(-1, 2)
    points = [tuple(pair) for pair in pairs.tolist()]
    times = []
    for _ in range(request["count"]):
        start = time.process_time()
        answers = reverse_geocoder.search(points, mode=1)
        times.append(time.process_time() - start)
    assert len(answers) == len(points)
    print(json.dumps({"seconds": times}), flush=True)
