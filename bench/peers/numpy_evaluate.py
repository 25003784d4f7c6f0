"""The figures of `geor evaluate` in NumPy, to compare speeds with (bench/evaluate.bench.ts).

    python bench/peers/numpy_evaluate.py TRUTH.csv PREDICTIONS.csv RESAMPLES

Reads both files (id,lat,lon), joins them, counts at five thresholds, and bootstraps the median, the
mean of the answered rows and both GeoScores by drawing every row of every resample. Prints one line of
JSON: counts, intervals, seconds of reading and of resampling, peak memory in MiB.
"""

import csv
import json
import resource
import sys
import time

import numpy


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        ids, lat, lon = zip(*rows)
    return ids, numpy.array(lat, dtype=float), numpy.array(lon, dtype=float)


def interval(values):
    return [float(end) for end in numpy.percentile(values, [2.5, 97.5])]


def main(truth_path, predictions_path, resamples):
    start = time.perf_counter()
    ids, lat, lon = read(truth_path)
    row_of = {own: row for row, own in enumerate(ids)}
    said, said_lat, said_lon = read(predictions_path)
    row = numpy.array([row_of[own] for own in said])
    lat1, lon1 = numpy.radians(lat[row]), numpy.radians(lon[row])
    lat2, lon2 = numpy.radians(said_lat), numpy.radians(said_lon)
    h = numpy.sin((lat2 - lat1) / 2) ** 2
    h += numpy.cos(lat1) * numpy.cos(lat2) * numpy.sin((lon2 - lon1) / 2) ** 2
    km = numpy.full(len(ids), numpy.inf)
    km[row] = 2 * 6371 * numpy.arcsin(numpy.sqrt(numpy.minimum(1, h)))
    read_seconds = time.perf_counter() - start

    start = time.perf_counter()
    counts = [int((km <= threshold).sum()) for threshold in [1, 25, 200, 750, 2500]]
    answered = numpy.isfinite(km)
    distance = numpy.where(answered, km, 0)
    first = numpy.rint(5000 * numpy.exp(-km / 1492.7))
    second = 5000 * numpy.exp(-km / 1805)
    generator = numpy.random.default_rng(0)
    estimates = numpy.empty((4, resamples))
    for i in range(resamples):
        drawn = generator.integers(len(km), size=len(km))
        estimates[0, i] = numpy.median(km[drawn])
        estimates[1, i] = distance[drawn].sum() / answered[drawn].sum()
        estimates[2, i] = first[drawn].mean()
        estimates[3, i] = second[drawn].mean()
    result = {
        "counts": counts,
        "intervals": [interval(own) for own in estimates],
        "readSeconds": read_seconds,
        "resampleSeconds": time.perf_counter() - start,
        "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(result))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
