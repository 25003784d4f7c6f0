"""A reward service as a TRL user writes it: FastAPI, pydantic, uvicorn. The peer of serve.bench.ts.

    python bench/peers/fastapi_rewards.py

Needs fastapi and uvicorn (with uvloop and httptools, where installed). Prints its address as JSON when
it listens; ends when its stdin closes.
"""

import json
import math
import socket
import sys
import threading
from typing import Literal, Optional, Union

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from reward_peer import PAIR, distance_reward, haversine_km


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Target(Closed):
    lat: float
    lon: float


class Sample(Closed):
    id: Union[str, int]
    group: Optional[Union[str, int]] = None
    member: Optional[int] = Field(default=None, ge=0)
    completion: str
    completion_tokens: Optional[int] = Field(default=None, ge=0)
    truncated: Optional[bool] = None
    target: Target


class Request(Closed):
    v: Literal[1]
    run: Optional[str] = None
    engine: Optional[str] = None
    step: Optional[int] = None
    split: Optional[str] = None
    group_size: Optional[int] = None
    samples: list[Sample] = Field(min_length=1, max_length=4096)


app = FastAPI()


def score(sample, seen):
    pairs = [(float(a), float(b)) for a, b in PAIR.findall(sample.completion)]
    pairs = [(a, b) for a, b in pairs if abs(a) <= 90 and abs(b) <= 180]
    kilometres, distance, form = None, 0.0, 0
    if len(pairs) == 1:
        kilometres = haversine_km(*pairs[0], sample.target.lat, sample.target.lon)
        distance, form = distance_reward(kilometres), 1
    reward = distance * form
    return {
        "id": sample.id,
        "group": sample.group,
        "member": sample.member,
        "reward": reward if math.isfinite(reward) else None,
        "distance": distance,
        "format": form,
        "distance_km": kilometres,
        "parsed": {"lat": pairs[0][0], "lon": pairs[0][1]} if pairs else None,
        "parts": {"distance": distance, "format": form},
        "group_seen": seen.get(sample.group, 1),
    }


@app.post("/v1/rewards")
async def rewards(request: Request):
    seen = {}
    for sample in request.samples:
        seen[sample.group] = seen.get(sample.group, 0) + 1
    rows = [score(sample, seen) for sample in request.samples]
    return JSONResponse({"v": 1, "config": "sha256:peer", "rewards": rows})


def main():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="warning", access_log=False, backlog=2048)
    server = uvicorn.Server(config)
    config.load()
    address = {
        "port": listener.getsockname()[1],
        "loop": config.get_loop_factory().__module__ if hasattr(config, "get_loop_factory") else config.loop,
        "http": config.http_protocol_class.__name__,
    }
    print(json.dumps(address), flush=True)

    def watch():
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
