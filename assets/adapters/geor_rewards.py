"""Asks geor's reward service (POST /v1/rewards). Standard library only; safe between threads.

The rule for clients: a request is repeated only after 429, 502, 503, 504 and after a broken
connection, at most 8 times, waiting min(2^k, 30) seconds times a random factor. Repeating is safe:
the answer is a function of the configuration and the samples. Anything else that goes wrong is an
error that ends the run, and never a reward of 0.

Environment: GEOR_REWARD_URL (base address), GEOR_REWARD_TOKEN, GEOR_RUN (name of the run),
GEOR_ATTEMPT (number of its start, from 1).
"""

import hashlib
import http.client
import json
import math
import os
import random
import ssl
import threading
import time
from collections import deque
from urllib.parse import urlsplit

TRIES = 8
CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 30.0
MOST_SAMPLES = 1024
"""Samples of one request; a sample is about 2 kB, the service takes 16 MB."""

RECENT_SAMPLES = 1024
"""Over so many samples, once there are as many, at most MOST_UNSCORED may be without a reward."""
MOST_UNSCORED = 0.5

PASSING = (429, 502, 503, 504)


class RewardError(RuntimeError):
    """A reward that could not be had. It ends the run."""


def sample(row_id, group, member, completion, tokens, truncated, truth):
    """One completion with its truth, as the service wants it.

    truth: the row's `solution` or `ground_truth`, a JSON text with lat, lon and place.
    """
    known = json.loads(truth) if isinstance(truth, str) else dict(truth)
    made = {
        "id": str(row_id),
        "group": str(group),
        "member": int(member),
        "completion": completion,
        "completion_tokens": int(tokens),
        "truncated": bool(truncated),
        "target": {"lat": float(known["lat"]), "lon": float(known["lon"])},
    }
    place = known.get("place") or {}
    names = {level: place[level] for level in ("country", "region", "city") if place.get(level)}
    if "country" in names:
        made["place"] = names
    if known.get("entities"):
        made["entities"] = list(known["entities"])
    return made


class RewardClient:
    """Keeps one connection per thread."""

    def __init__(self, engine, url=None, token=None, run=None, tries=TRIES, sleep=time.sleep):
        url = url or os.environ.get("GEOR_REWARD_URL")
        if not url:
            raise RewardError("GEOR_REWARD_URL is not set: the address of geor serve")
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RewardError(f"GEOR_REWARD_URL is {url!r}, not an http address")
        self._parts = parts
        self._path = parts.path.rstrip("/") + "/v1/rewards"
        self._token = token or os.environ.get("GEOR_REWARD_TOKEN")
        self._run = run or os.environ.get("GEOR_RUN", "run")
        self._attempt = int(os.environ.get("GEOR_ATTEMPT", "1"))
        self._engine = engine
        self._tries = tries
        self._sleep = sleep
        self._local = threading.local()
        self._lock = threading.Lock()
        self._unscored = deque(maxlen=RECENT_SAMPLES)
        self._config = None

    def __getstate__(self):
        state = dict(self.__dict__)
        del state["_local"], state["_lock"]
        return state

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._local = threading.local()
        self._lock = threading.Lock()

    def score(self, samples, group_size, step=None, split="train"):
        """Rewards of whole groups, in the order of the samples; each is the service's object.

        `reward` is None where the service could not score a sample, with the reason in `unscored`.
        Raises RewardError when that holds for all of them or for most of late, or when there is no answer.
        """
        rewards = []
        for part in _parts(samples):
            body = {"v": 1, "run": self._run, "attempt": self._attempt, "engine": self._engine, "split": split}
            if step is not None:
                body["step"] = int(step)
            body.update(samples=part, group_size=int(group_size))
            rewards.extend(self._checked(part, self._post(body)))
        if rewards and all(given["reward"] is None for given in rewards):
            raise RewardError(f"none of {len(rewards)} samples has a reward: {rewards[0].get('unscored')}")
        self._count(rewards)
        return rewards

    def _count(self, rewards):
        """Ends a run that goes on without most of its rewards."""
        with self._lock:
            self._unscored.extend(given["reward"] is None for given in rewards)
            missing, known = sum(self._unscored), len(self._unscored)
        if known == RECENT_SAMPLES and missing > MOST_UNSCORED * known:
            reason = next((given["unscored"] for given in rewards if given["reward"] is None), "see the service's log")
            raise RewardError(f"{missing} of the last {known} samples have no reward: {reason}")

    def _post(self, body):
        data = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": "/".join(
                (self._run, str(body.get("step", "-")), hashlib.sha256(data).hexdigest()[:32])
            ),
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        fault = None
        for attempt in range(self._tries):
            if attempt > 0:
                wait = min(2.0 ** (attempt - 1), LONGEST_WAIT_SECONDS)
                self._sleep(wait * random.uniform(0.5, 1.0))
            try:
                status, text = self._exchange(data, headers)
            except (OSError, http.client.HTTPException) as error:
                self._drop()
                fault = f"{type(error).__name__}: {error}"
                continue
            if status == 200:
                return json.loads(text)
            fault = f"HTTP {status}: {text[:500]}"
            if status not in PASSING:
                raise RewardError(f"{self._parts.geturl()} refused the samples: {fault}")
        raise RewardError(f"{self._parts.geturl()} failed {self._tries} times, at last: {fault}")

    def _exchange(self, data, headers):
        """One request and its answer within TOTAL_SECONDS."""
        end = time.monotonic() + TOTAL_SECONDS
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
        connection.sock.settimeout(_left(end))
        connection.request("POST", self._path, body=data, headers=headers)
        connection.sock.settimeout(_left(end))
        response = connection.getresponse()
        pieces = []
        while piece := response.read(1 << 16):
            pieces.append(piece)
            if connection.sock is not None:
                connection.sock.settimeout(_left(end))
        if response.will_close:
            self._drop()
        return response.status, b"".join(pieces).decode("utf-8", "replace")

    def _connect(self):
        host, port = self._parts.hostname, self._parts.port
        if self._parts.scheme == "https":
            context = ssl.create_default_context()
            made = http.client.HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=context)
        else:
            made = http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
        made.connect()
        self._local.connection = made
        return made

    def _drop(self):
        connection = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()

    def _checked(self, samples, answer):
        rewards = answer.get("rewards") if isinstance(answer, dict) else None
        if not isinstance(rewards, list) or len(rewards) != len(samples):
            raise RewardError(f"{len(samples)} samples were not answered by as many rewards")
        config = answer.get("config")
        if self._config not in (None, config):
            raise RewardError(f"the reward changed from {self._config} to {config} during the run")
        self._config = config
        for asked, given in zip(samples, rewards):
            for name in ("id", "group", "member"):
                if given.get(name) != asked[name]:
                    raise RewardError(
                        f"{name} {asked[name]!r} was answered as {given.get(name)!r}"
                    )
            reward = given.get("reward")
            if reward is None and given.get("unscored"):
                continue
            if isinstance(reward, bool) or not isinstance(reward, (int, float)) or not math.isfinite(reward):
                raise RewardError(f"sample {asked['id']} of group {asked['group']}: its reward is {reward!r}")
        return rewards


def _left(end):
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"no answer within {TOTAL_SECONDS:.0f} s")
    return left


def _parts(samples):
    """Requests of at most MOST_SAMPLES, cut between groups where that is possible."""
    start = 0
    while start < len(samples):
        end = min(start + MOST_SAMPLES, len(samples))
        cut = end
        if end < len(samples):
            while cut > start and samples[cut]["group"] == samples[cut - 1]["group"]:
                cut -= 1
        end = cut if cut > start else end
        yield samples[start:end]
        start = end
