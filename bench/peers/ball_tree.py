"""Hard selection with scikit-learn's BallTree, to compare speeds with (bench/hard-selection.bench.ts).

  ball_tree.py POPULAR QUERIES RADIUS_KM

POPULAR and QUERIES are files of float64: latitude and longitude in degrees, point after point. Prints
the version and the milliseconds of building as one line of JSON; then answers each line of standard
input with one: milliseconds for all queries, and how many have a popular point within the radius.

query_radius with count_only is the faster way to ask; query with k = 1 took six times as long.
"""

import json
import sys
import time

import numpy
import sklearn
from sklearn.neighbors import BallTree

EARTH_RADIUS_KM = 6371.0

popular = numpy.radians(numpy.fromfile(sys.argv[1]).reshape(-1, 2))
queries = numpy.radians(numpy.fromfile(sys.argv[2]).reshape(-1, 2))
radius = float(sys.argv[3]) / EARTH_RADIUS_KM

start = time.perf_counter()
tree = BallTree(popular, metric="haversine")
build = 1000 * (time.perf_counter() - start)
print(json.dumps({"sklearn": sklearn.__version__, "milliseconds": build}), flush=True)

for _ in sys.stdin:
    start = time.perf_counter()
    within = tree.query_radius(queries, radius, count_only=True) > 0
    spent = 1000 * (time.perf_counter() - start)
    print(json.dumps({"milliseconds": spent, "within": int(within.sum())}), flush=True)
