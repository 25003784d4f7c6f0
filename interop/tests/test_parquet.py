"""Opens a Parquet file that geor wrote with pyarrow: types, values and row groups."""

import json

import pyarrow as pa
import pyarrow.parquet as pq


def required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


def items(kind: pa.DataType) -> pa.DataType:
    return pa.list_(required("element", kind))


TEXT = pa.string()
SCHEMA = pa.schema([
    required("data_source", TEXT),
    required("prompt", items(pa.struct([required("role", TEXT), required("content", TEXT)]))),
    required("images", items(pa.struct([required("image", TEXT), required("max_pixels", pa.int32())]))),
    required("reward_model", pa.struct([required("style", TEXT), required("ground_truth", TEXT)])),
    required("extra_info", pa.struct([
        required("index", pa.int64()), required("lat", pa.float64()),
        pa.field("note", TEXT), required("tested", pa.bool_()),
    ])),
    pa.field("scores", items(pa.float64())),
])


def expected(i: int) -> dict:
    return {
        "data_source": "geor",
        "prompt": [
            {"role": "system", "content": "Réponds."},
            {"role": "user", "content": f"<image>Where is {i}?"},
        ],
        "images": [] if i % 3 == 0 else [{"image": f"/data/{i}.jpg", "max_pixels": 501760}],
        "extra_info": {
            "index": i, "lat": i / 100, "note": None if i % 2 else f"n{i}", "tested": i > 9,
        },
        "scores": [None, [], [float(i), 0.5]][i % 3],
    }


def test_a_parquet_file_of_ours_is_what_was_written(node, tmp_path):
    node("interop/ours/write-parquet.mjs", tmp_path)
    file = pq.ParquetFile(tmp_path / "verl.parquet")
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [1000, 1000, 500]
    table = file.read()
    assert table.schema.equals(SCHEMA), table.schema
    for i, row in enumerate(table.to_pylist()):
        reward = row.pop("reward_model")
        assert reward["style"] == "rule"
        assert json.loads(reward["ground_truth"]) == {"lat": i / 100, "lon": -i / 50}
        assert row == expected(i)
