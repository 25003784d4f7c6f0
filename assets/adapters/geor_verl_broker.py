"""Collects the members of groups that come one by one, and has each group scored as one."""

import asyncio
import concurrent.futures

CONNECTIONS = 32
"""Requests under way at once, each in a thread that waits and retries."""


class GroupBroker:
    """An actor of Ray, but nothing here knows of Ray: a client, and asyncio.

    client: has `score(samples, group_size, step, split)`, which may block
    patience: seconds that a group waits for its next member before it is scored without the rest
    """

    def __init__(self, client, patience):
        self._client = client
        self._patience = patience
        self._waiting = {}
        self._threads = concurrent.futures.ThreadPoolExecutor(CONNECTIONS)

    async def score(self, sample, size, step, split):
        """The reward of one sample, when its group is complete or gives up waiting."""
        loop = asyncio.get_running_loop()
        key = (split, sample["group"])
        group = self._waiting.get(key)
        if group is None:
            group = self._waiting[key] = _Group(size, step, split)
        reward = loop.create_future()
        group.members.append((sample, reward))
        if group.timer is not None:
            group.timer.cancel()
        if len(group.members) >= size:
            self._close(key)
        else:
            group.timer = loop.call_later(self._patience, self._close, key)
        return await reward

    def _close(self, key):
        group = self._waiting.pop(key, None)
        if group is not None:
            task = asyncio.get_running_loop().create_task(self._ask(group))
            group.task = task  # else nothing holds it

    async def _ask(self, group):
        members = sorted(group.members, key=lambda member: member[0]["member"])
        samples = [sample for sample, _ in members]
        try:
            rewards = await asyncio.get_running_loop().run_in_executor(
                self._threads, self._client.score, samples, group.size, group.step, group.split
            )
        except Exception as error:  # each member's caller is to know
            for _, reward in members:
                if not reward.done():
                    reward.set_exception(error)
            return
        for (_, reward), given in zip(members, rewards):
            if not reward.done():
                reward.set_result(given)


class _Group:
    def __init__(self, size, step, split):
        self.size, self.step, self.split = size, step, split
        self.members = []
        self.timer = None
        self.task = None
