"""The client that the adapters share, against a server that misbehaves as told."""

import json
import pickle
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

TRUTH = '{"lat":48.0,"lon":2.0,"place":{"continent":"Europe","country":"France","region":"","city":"Paris"}}'


@pytest.fixture(scope="module")
def client_module(root):
    sys.path.insert(0, str(root / "assets" / "adapters"))
    import geor_rewards

    yield geor_rewards
    sys.path.pop(0)


@pytest.fixture
def service():
    """`service.plan`: what to do with each request; `good` when it is empty."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            server = self.server
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            server.asked.append((self.path, dict(self.headers), body))
            what = server.plan.pop(0) if server.plan else "good"
            if what == "break":
                self.close_connection = True
                return None
            if isinstance(what, int):
                return self.answer(what, b'{"error":{"code":"x","message":"told to"}}')
            rewards = [
                {"id": s["id"], "group": s["group"], "member": s["member"], "reward": 0.5, "parts": {}}
                for s in body["samples"]
            ]
            answer = {"v": 1, "config": "sha256:a", "rewards": rewards}
            if callable(what):
                what(answer)
            return self.answer(200, json.dumps(answer).encode())

        def answer(self, status, text):
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.asked, server.plan = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(client_module, service):
    waits = []
    made = client_module.RewardClient(
        "test", url=f"http://127.0.0.1:{service.server_port}", token="secret", sleep=waits.append
    )
    made.waits = waits
    return made


@pytest.fixture
def samples(client_module):
    return [
        client_module.sample(f"row-{i // 4}", f"g{i // 4}", i % 4, "(1.0, 2.0)", 9, False, TRUTH)
        for i in range(8)
    ]


def test_the_body_is_that_of_the_protocol(client, service, samples):
    assert [given["reward"] for given in client.score(samples, 4, step=3)] == [0.5] * 8
    (path, headers, body), = service.asked
    assert path == "/v1/rewards"
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Idempotency-Key"].startswith("run/3/")
    assert body["samples"][5] == {
        **{"id": "row-1", "group": "g1", "member": 1, "completion": "(1.0, 2.0)"},
        **{"completion_tokens": 9, "truncated": False, "target": {"lat": 48.0, "lon": 2.0}},
        "place": {"country": "France", "city": "Paris"},
    }
    del body["samples"]
    assert body == {
        **{"v": 1, "run": "run", "attempt": 1, "engine": "test", "split": "train", "step": 3},
        "group_size": 4,
    }


def test_passing_faults_are_retried_with_growing_waits(client, service, samples):
    service.plan = [503, "break", 429, 502, 504]
    assert len(client.score(samples, 4)) == 8
    assert len(service.asked) == 6
    assert len({headers["Idempotency-Key"] for _, headers, _ in service.asked}) == 1
    for k, wait in enumerate(client.waits):
        assert 0.5 * 2**k <= wait <= 2**k


def test_eight_tries_and_no_more(client, client_module, service, samples):
    service.plan = [503] * 20
    with pytest.raises(client_module.RewardError, match="failed 8 times"):
        client.score(samples, 4)
    assert len(service.asked) == 8
    assert max(client.waits) <= 30


@pytest.mark.parametrize("status", [400, 401, 413, 422, 500])
def test_other_faults_end_the_run_at_once(client, client_module, service, samples, status):
    service.plan = [status]
    with pytest.raises(client_module.RewardError, match=f"HTTP {status}"):
        client.score(samples, 4)
    assert len(service.asked) == 1


def change(index, **values):
    return lambda answer: answer["rewards"][index].update(values)


@pytest.mark.parametrize(
    "fault",
    [
        change(2, id="other"),
        change(2, group="other"),
        change(2, member=7),
        change(2, reward=float("nan")),
        change(2, reward=float("inf")),
        change(2, reward=None),
        change(2, reward="1"),
        change(2, reward=True),
        lambda answer: answer["rewards"].pop(),
        lambda answer: answer["rewards"].reverse(),
        lambda answer: answer.pop("rewards"),
    ],
)
def test_an_answer_that_is_not_to_be_trusted_ends_the_run(client, client_module, service, samples, fault):
    service.plan = [fault]
    with pytest.raises(client_module.RewardError):
        client.score(samples, 4)


def test_a_sample_that_could_not_be_scored_is_never_zero(client, client_module, service, samples):
    service.plan = [change(2, reward=None, unscored="no judge")]
    assert [given["reward"] for given in client.score(samples, 4)][2] is None
    service.plan = [lambda answer: [r.update(reward=None, unscored="no judge") for r in answer["rewards"]]]
    with pytest.raises(client_module.RewardError, match="no judge"):
        client.score(samples, 4)


def test_another_reward_in_the_middle_of_a_run_ends_it(client, client_module, service, samples):
    client.score(samples, 4)
    service.plan = [lambda answer: answer.update(config="sha256:b")]
    with pytest.raises(client_module.RewardError, match="changed"):
        client.score(samples, 4)


def test_many_samples_are_cut_between_groups(client, client_module, service, monkeypatch, samples):
    monkeypatch.setattr(client_module, "MOST_SAMPLES", 6)
    assert [given["group"] for given in client.score(samples, 4)] == ["g0"] * 4 + ["g1"] * 4
    assert [len(body["samples"]) for _, _, body in service.asked] == [4, 4]


def test_a_group_that_lost_a_member_is_scored_without_it(client_module):
    import asyncio

    import geor_verl_broker

    class Client:
        def score(self, samples, size, step, split):
            return [{"reward": 1.0, "group_seen": len(samples), "size": size} for _ in samples]

    async def run():
        broker = geor_verl_broker.GroupBroker(Client(), patience=0.01)
        members = [broker.score({"group": "g", "member": m}, 4, 1, "train") for m in range(3)]
        return await asyncio.gather(*members)

    assert [(given["group_seen"], given["size"]) for given in asyncio.run(run())] == [(3, 4)] * 3


def test_a_run_without_most_of_its_rewards_ends(client, client_module, service, samples):
    def without(count):
        def change(answer):
            for given in answer["rewards"][:count]:
                given.update(reward=None, unscored="the judge is away")

        return change

    service.plan = [without(4)] * 200
    for _ in range(200):
        client.score(samples, 4)
    service.plan = [without(5)] * 200
    with pytest.raises(client_module.RewardError, match="513 of the last 1024 samples .*: the judge is away"):
        for _ in range(200):
            client.score(samples, 4)
    assert len(service.asked) == 201
    pickled = pickle.loads(pickle.dumps(client))
    with pytest.raises(client_module.RewardError, match="514 of the last 1024"):
        pickled.score(samples, 4)
