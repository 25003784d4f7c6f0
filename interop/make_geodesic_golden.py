"""Makes test/golden/geodesic.json: distances on the WGS84 ellipsoid by Python's geographiclib.

    python interop/make_geodesic_golden.py

Karney, Algorithms for geodesics, J. Geodesy 87 (2013): the same author's Python. Points at the poles,
on the antimeridian, almost opposite each other and a metre apart are listed; the rest is random.
"""

import json
import random
from pathlib import Path

import geographiclib
from geographiclib.geodesic import Geodesic

GOLDEN = Path(__file__).parent.parent / "test" / "golden"
SPECIAL = [
    [0, 0, 0, 0],
    [90, 0, 90, 123],
    [90, 0, -90, 77],
    [90, 10, 0, -50],
    [-90, 0, -89.99999, 0],
    [0, 0, 0, 90],
    [0, 0, 0, 179],
    [0, 0, 0, 179.5],
    [0, 0, 0, 180],
    [0, 0, 0.5, 179.5],
    [0, 0, 0.5, 179.7],
    [30, 0, -30, 180],
    [30, 0, -29.9999, 179.8],
    [60.1699, 24.9384, -60.1699, -155.0616],
    [-45, 10, 45, -170.000001],
    [12, 179.999, 12, -179.999],
    [12, 180, 12, -180],
    [-16.85, 180, -16.85, -179.97],
    [48.8566, 2.3522, 51.5074, -0.1278],
    [45, 9, 45.000009, 9],
    [45, 9, 45, 9.0000127],
    [5, 0.00000000000001, 5, 180],
]


def main() -> None:
    rng = random.Random(0)
    pairs = [list(map(float, pair)) for pair in SPECIAL]
    for _ in range(200):
        pairs.append([rng.uniform(-90, 90), rng.uniform(-180, 180)] * 2)
        pairs[-1][2:] = [rng.uniform(-90, 90), rng.uniform(-180, 180)]
    for _ in range(50):  # almost opposite
        lat, lon = rng.uniform(-80, 80), rng.uniform(-180, 0)
        pairs.append([lat, lon, -lat + rng.uniform(-1, 1), lon + 180 + rng.uniform(-1, 0)])
    for _ in range(50):  # about 200 km apart, where the hard subset decides
        lat, lon = rng.uniform(-85, 85), rng.uniform(-175, 175)
        pairs.append([lat, lon, lat + rng.uniform(-1.8, 1.8), lon + rng.uniform(-1.8, 1.8)])
    rows = [[*pair, Geodesic.WGS84.Inverse(*pair, Geodesic.DISTANCE)["s12"] / 1000] for pair in pairs]
    golden = {"geographiclib": geographiclib.__version__, "columns": "lat1 lon1 lat2 lon2 km", "rows": rows}
    lines = ",\n".join("    " + json.dumps(row) for row in rows)
    text = json.dumps({**golden, "rows": []}, indent=2).replace("[]", f"[\n{lines}\n  ]")
    (GOLDEN / "geodesic.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
