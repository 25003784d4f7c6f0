"""Scores predictions against truth with NumPy and geographiclib, to compare with `geor evaluate`.

    python interop/score_predictions.py TRUTH.csv PREDICTIONS.jsonl [ROWS.jsonl]

Reads the truth (IMG_ID, LAT, LON) and predictions ({id, lat?, lon?, completion?}), takes a
completion only when it holds exactly one valid decimal pair in parentheses, and prints the counts at
1, 25, 200, 750 and 2500 km for both distances and both comparisons, medians, means and GeoScores. With the
rows that `geor evaluate --reading strict --write-rows ROWS.jsonl` wrote, says for both distances how
far any two distances lie apart; the file must be of the distance that is nearer.
"""

import csv
import json
import re
import sys

import numpy
from geographiclib.geodesic import Geodesic

THRESHOLDS = [1, 25, 200, 750, 2500]
PAIR = re.compile(r"\(\s*([+-]?\d+\.\d+)\s*,\s*([+-]?\d+\.\d+)\s*\)")


def on_globe(lat, lon):
    return abs(lat) <= 90 and abs(lon) <= 180


def coordinate_of(row):
    lat, lon = row.get("lat"), row.get("lon")
    if lat is not None and lon is not None:
        try:
            lat, lon = float(lat), float(lon)
        except (TypeError, ValueError):
            return None
        return (lat, lon) if on_globe(lat, lon) else None
    pairs = [(float(a), float(b)) for a, b in PAIR.findall(row.get("completion") or "")]
    pairs = [pair for pair in pairs if on_globe(*pair)]
    return pairs[0] if len(pairs) == 1 else None


def read_predictions(path):
    answers = {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                row = json.loads(line, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))
            except ValueError:
                continue
            if isinstance(row, dict) and "id" in row:
                answers[str(row["id"])] = coordinate_of(row)
    return answers


def haversine(a, b):
    """Great-circle distance on the sphere by vectors: exact near the antipode too."""
    u, v = (
        numpy.stack(
            [numpy.cos(lat) * numpy.cos(lon), numpy.cos(lat) * numpy.sin(lon), numpy.sin(lat)], 1
        )
        for lat, lon in (numpy.radians(x).T for x in (a, b))
    )
    norm = numpy.linalg.norm
    return 2 * 6371 * numpy.arctan2(norm(u - v, axis=1), norm(u + v, axis=1))


def geodesic(a, b):
    return numpy.array(
        [Geodesic.WGS84.Inverse(*p, *q, Geodesic.DISTANCE)["s12"] / 1000 for p, q in zip(a, b)]
    )


def distances(truth, answers, measure):
    ids = [key for key in truth if answers.get(key) is not None]
    own = measure(numpy.array([answers[key] for key in ids]), numpy.array([truth[key] for key in ids]))
    found = dict(zip(ids, own))
    return numpy.array([found.get(key, numpy.inf) for key in truth])


def summary(km):
    finite = km[numpy.isfinite(km)]
    rounded = numpy.floor(5000 * numpy.exp(-km / 1492.7) + 0.5)
    return {
        "answered": len(finite),
        "<=": [int((km <= t).sum()) for t in THRESHOLDS],
        "<": [int((km < t).sum()) for t in THRESHOLDS],
        "medianKm": float(numpy.median(km)),
        "meanKm": float(finite.mean()),
        "geoScore": [float(rounded.mean()), float((5000 * numpy.exp(-km / 1805)).mean())],
    }


def main(truth_path, predictions_path, rows_path=None):
    with open(truth_path, encoding="utf-8") as file:
        truth = {row["IMG_ID"]: (float(row["LAT"]), float(row["LON"])) for row in csv.DictReader(file)}
    answers = read_predictions(predictions_path)
    measured = {
        "haversine": distances(truth, answers, haversine),
        "wgs84": distances(truth, answers, geodesic),
    }
    result = {"n": len(truth), **{name: summary(km) for name, km in measured.items()}}
    if rows_path:
        with open(rows_path, encoding="utf-8") as file:
            written = {row["id"]: row["distanceKm"] for row in map(json.loads, file)}
        theirs = numpy.array(
            [numpy.inf if written[key] is None else written[key] for key in truth], dtype=float
        )
        for name, km in measured.items():
            both = numpy.isfinite(km) & numpy.isfinite(theirs)
            result[f"rows against {name}"] = {
                "answered by one alone": int((numpy.isfinite(km) != numpy.isfinite(theirs)).sum()),
                "largest difference, km": float(numpy.abs(km[both] - theirs[both]).max()),
            }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
