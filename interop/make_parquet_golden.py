"""Makes test/golden/parquet/: small files written by pyarrow, and what pyarrow reads from them.

    python interop/make_parquet_golden.py
"""

import json
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path(__file__).parent.parent / "test" / "golden" / "parquet"
PLACES = [
    (48.8566, 2.3522, "Paris"),
    (-33.8688, 151.2093, "Sydney"),
    (64.1466, -21.9426, "Reykjavík"),
    (None, 10.0, None),
    (1.25, None, "nowhere"),
]


def types_table() -> pa.Table:
    lats, lons, names = zip(*PLACES)
    decimals = [None if lat is None else Decimal(str(lat)) for lat in lats]
    whole = [None if lat is None else round(lat) for lat in lats]
    times = [datetime(2026, 1, 1 + i, tzinfo=timezone.utc) for i in range(len(PLACES))]
    return pa.table({
        "id": pa.array([9007199254740993 + i for i in range(len(PLACES))], pa.int64()),
        "lat": pa.array(lats, pa.float64()),
        "lon": pa.array(lons, pa.float64()),
        "lat_float32": pa.array(lats, pa.float32()),
        "lat_int8": pa.array(whole, pa.int8()),
        "lat_int64": pa.array(whole, pa.int64()),
        "lat_text": pa.array([None if lat is None else f" {lat} " for lat in lats], pa.string()),
        "lat_decimal": pa.array(decimals, pa.decimal128(9, 4)),
        "name": pa.array(names, pa.string()).dictionary_encode(),
        "photo_bytes": pa.array([b"\xff\xd8\xff"] * len(PLACES), pa.binary()),
        "tags": pa.array([["a", "b"], [], None, ["c"], [None]], pa.list_(pa.string())),
        "camera": pa.array([{"make": "X", "shots": 3}] * len(PLACES)),
        "taken": pa.array(times, pa.timestamp("us", tz="UTC")),
    })


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    types = types_table()
    pq.write_table(types, FOLDER / "types.parquet")
    rows = types.drop_columns(["photo_bytes", "taken"]).to_pylist()
    text = json.dumps(rows, default=str, ensure_ascii=False, indent=1)
    (FOLDER / "types.json").write_text(text + "\n", encoding="utf-8")
    plain = types.select(["id", "lat", "lon", "name"])
    for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
        pq.write_table(plain, FOLDER / f"{codec}.parquet", compression=codec)
    many = pa.table({"lat": [i / 10 for i in range(1, 601)], "lon": [i / 5 for i in range(1, 601)]})
    pq.write_table(many, FOLDER / "groups.parquet", row_group_size=200, data_page_version="2.0",
                   use_dictionary=False, column_encoding="BYTE_STREAM_SPLIT")
    print("\n".join(f"{path.stat().st_size:6} {path.name}" for path in sorted(FOLDER.iterdir())))


if __name__ == "__main__":
    main()
