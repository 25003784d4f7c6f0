"""Geo-R's reward as a TRL user writes it: a regular expression and `math`. The peer of reward.bench.ts.

    python bench/peers/reward_peer.py ROWS.jsonl

Reads rows { completion, lat, lon }, then answers each line of stdin with the seconds of processor time
of one pass over all rows and the sum of the rewards.
"""

import json
import math
import platform
import re
import sys
import time

PAIR = re.compile(r"\(\s*([-+]?\d+(?:\.\d+)?)\s*,\s*([-+]?\d+(?:\.\d+)?)\s*\)")
RADIUS_KM = 6371.0


def haversine_km(lat1, lon1, lat2, lon2):
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    dphi = math.radians(lat2 - lat1)
    dlambda = math.radians(lon2 - lon1)
    a = math.sin(dphi / 2) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(dlambda / 2) ** 2
    return 2 * RADIUS_KM * math.asin(min(1.0, math.sqrt(a)))


def distance_reward(d):
    if d >= 20000:
        return 0.0
    if d <= 750:
        return 1.0 - 0.5 * d / 750
    if d <= 2500:
        return 0.5 - 0.3 * (d - 750) / 1750
    return 0.2 - 0.2 * (d - 2500) / 17500


def geo_r_reward(completions, lat, lon, **kwargs):
    rewards = []
    for text, true_lat, true_lon in zip(completions, lat, lon):
        pairs = [(float(a), float(b)) for a, b in PAIR.findall(text)]
        pairs = [(a, b) for a, b in pairs if abs(a) <= 90 and abs(b) <= 180]
        if len(pairs) != 1:
            rewards.append(0.0)
            continue
        rewards.append(distance_reward(haversine_km(*pairs[0], true_lat, true_lon)))
    return rewards


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    completions = [row["completion"] for row in rows]
    lat = [row["lat"] for row in rows]
    lon = [row["lon"] for row in rows]
    print(json.dumps({"python": platform.python_version(), "rows": len(rows)}), flush=True)
    for _ in sys.stdin:
        start = time.process_time()
        rewards = geo_r_reward(completions, lat=lat, lon=lon)
        seconds = time.process_time() - start
        print(json.dumps({"seconds": seconds, "sum": math.fsum(rewards)}), flush=True)


if __name__ == "__main__":
    main()
