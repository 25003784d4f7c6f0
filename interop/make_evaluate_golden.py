"""Makes test/golden/evaluate.json: predictions scored by NumPy and geographiclib.

    python interop/make_evaluate_golden.py

Truth and answers at random, at the poles, across the antimeridian, at the antipode and on the spot,
with kilometres by both distances, counts, medians, means and GeoScores (score_predictions.py).
"""

import json
from pathlib import Path

import numpy
from score_predictions import distances, geodesic, haversine, summary

GOLDEN = Path(__file__).parent.parent / "test" / "golden" / "evaluate.json"
EDGES = [
    ((90.0, 0.0), (-90.0, 0.0)),
    ((90.0, 10.0), (90.0, -170.0)),
    ((-90.0, 0.0), (-89.999, 77.0)),
    ((0.0, 180.0), (0.0, -180.0)),
    ((-17.1, 179.99), (-17.1, -179.99)),
    ((51.5, -179.9), (52.0, 179.9)),
    ((60.17, 24.94), (60.17, 24.94)),
    ((0.0, 0.0), (0.0, 179.0)),
    ((45.0, 45.0), (-44.0, -135.0)),
]


def main():
    generator = numpy.random.default_rng(7)
    pairs = list(EDGES)
    for _ in range(120):
        lat, lon = generator.uniform(-80, 80), generator.uniform(-180, 180)
        off = 10 ** generator.uniform(-3, 1.7)
        pairs.append(
            (
                (round(lat, 6), round(lon, 6)),
                (
                    round(float(numpy.clip(lat + off * generator.normal(), -90, 90)), 6),
                    round(float((lon + off * generator.normal() + 540) % 360 - 180), 6),
                ),
            )
        )
    truth = {f"p{i}": pair[0] for i, pair in enumerate(pairs)}
    # one in nine is left without an answer
    answers = {f"p{i}": pair[1] for i, pair in enumerate(pairs) if i % 9 != 8}
    result = {"truth": truth, "answers": answers}
    for name, measure in {"haversine": haversine, "wgs84": geodesic}.items():
        km = distances(truth, answers, measure)
        result[name] = {
            **summary(km),
            "km": [None if numpy.isinf(own) else float(own) for own in km],
        }
    GOLDEN.write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
