"""The deadline rush: drafts saved 100 a second beside 2 submissions a second, over HTTP. Run: python bench/write.py [--seconds N]

Two thousand people each have a draft open and save every twenty seconds; two firms a second hand in. A throw-away PostgreSQL
cluster, and then SQLite; pages by ``mangrove serve`` with its worker beside, as docs/deployment.md has it. Arrival times are
fixed beforehand and latency counts from when a request was due, so that a slow server cannot slow the load down. Every person
has a session and a CSRF token of their own, from the real page. One save in twenty is sent twice; one draft in ten is written
by two people, who change different questions; one submission in four is sent twice at once, and each is replayed later.

Wanted on PostgreSQL: p95 of saves and of submissions under 500 ms, every confirmed save in the database, one submission for
each application and one receipt however often it was sent, events sealed within 5 s. Exits 1 if one of these is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from write_people import HERE, Person, people, prepare

LIMIT, LAG = 0.500, 5.0
PEOPLE = 2000
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--saves", type=int, default=100, help="a second")
    parser.add_argument("--submissions", type=int, default=2, help="a second")
    parser.add_argument("--on", choices=["postgresql", "sqlite", "both"], default="both")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        return measure(chosen)
    failed = 0
    for database in ("postgresql", "sqlite") if chosen.on == "both" else (chosen.on,):
        own = [sys.executable, __file__, "--inside", "--on", database, "--seconds", str(chosen.seconds)]
        own += ["--saves", str(chosen.saves), "--submissions", str(chosen.submissions)]
        around = [str(HERE / "tools" / "with-postgres")] if database == "postgresql" else []
        failed |= subprocess.call([*around, *own])
    return failed


# --- what came of it ---------------------------------------------------------------------------------------------


@dataclass
class Told:
    """What was done and what came of it."""

    times: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)


# --- HTTP as a browser speaks it ---------------------------------------------------------------------------------


class Site:
    """One connection a request, as a proxy without keep-alive would."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def ask(
        self, person: Person, path: str, fields: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request(person, path, fields, self.port))
            raw = await reader.read()
        finally:
            writer.close()
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        heads: dict[str, str] = {}
        for name, _, value in (line.partition(": ") for line in lines):
            heads[name.lower()] = f"{heads[name.lower()]}\n{value}" if name.lower() in heads else value
        return int(first.split()[1]), heads, body.decode()


def request(person: Person, path: str, fields: dict[str, str] | None, port: int) -> bytes:
    head = f"Host: 127.0.0.1:{port}\r\nCookie: {person.cookie}\r\nConnection: close\r\n"
    if fields is None:
        return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()
    mark = "----mangrove"
    parts = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    )
    body = f"{parts}--{mark}--\r\n".encode()
    head += f"Content-Type: multipart/form-data; boundary={mark}\r\nContent-Length: {len(body)}\r\n"
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def open_page(site: Site, person: Person, path: str) -> str:
    """The page in the browser: its CSRF cookie and token, and the revision that it shows."""
    status, heads, body = await site.ask(person, path)
    if status != 200:
        raise SystemExit(f"{path}: {status}\n{body[:400]}")
    if "csrftoken" not in person.cookie:
        person.cookie += "; " + re.search(r"csrftoken=[^;]+", heads["set-cookie"])[0]  # type: ignore[index]
    person.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)[1]  # type: ignore[index]
    return body


# --- the rush ----------------------------------------------------------------------------------------------------


@dataclass
class Rush:
    site: Site
    writers: list[Person]
    firms: list[Person]
    saved: Told = field(default_factory=Told)
    handed_in: Told = field(default_factory=Told)
    #: What was confirmed: (application, revision) → question and text.
    confirmed: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    #: Receipts by application, as often as one was given.
    receipts: dict[int, set[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    async def save(self, due: float, n: int) -> None:
        person = self.writers[n % len(self.writers)]
        text = f"{person.text} {n}"
        twice = n % 20 == 7
        answers = await asyncio.gather(*(self.send(person, text) for _ in range(2 if twice else 1)))
        self.saved.times.append(time.perf_counter() - due)
        for status, body in answers:
            self.saved.answers[f"{status}{' twice' if twice else ''}"] += 1
            found = re.search(r'"revision": (\d+)', body)
            if status != 200 or not found:
                self.wrong.append(f"save {status}: {body[:200]}")
                continue
            person.revision = int(found[1])
            self.confirmed[person.application, person.revision] = (person.question, text)

    async def send(self, person: Person, text: str) -> tuple[int, str]:
        path = f"/intake/{person.application}/sections/{person.section}/autosave/"
        fields = {
            "csrfmiddlewaretoken": person.token,
            "draft_revision": str(person.revision),
            person.question: text,
        }
        status, _heads, body = await self.site.ask(person, path, fields)
        return status, body

    async def submit(self, due: float, n: int) -> None:
        """Read the page that asks for confirmation, then press the button; the press is what is measured."""
        person = self.firms[n]
        path = f"/intake/{person.application}/submit/"
        page = await open_page(self.site, person, path)
        key = re.search(r'name="key" value="([^"]+)"', page)[1]  # type: ignore[index]
        fields = {"csrfmiddlewaretoken": person.token, "key": key}
        pressed = max(due + 1.0, time.perf_counter())  # a second to read
        await asyncio.sleep(pressed - time.perf_counter())
        answers = await asyncio.gather(
            *(self.site.ask(person, path, fields) for _ in range(2 if n % 4 == 1 else 1))
        )
        self.handed_in.times.append(time.perf_counter() - (due + 1.0))
        answers.append(await self.site.ask(person, path, fields))  # the request replayed
        for status, heads, body in answers:
            self.handed_in.answers[str(status)] += 1
            self.receipts.setdefault(person.application, set()).add(
                heads.get("location", f"{status} {body[:80]}")
            )


async def at_times(
    rate: int, seconds: int, begin: float, act: Callable[[float, int], Awaitable[None]]
) -> None:
    """Start ``act`` at each of its times, whatever became of those before."""
    tasks = []
    for n in range(rate * seconds):
        due = begin + n / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(act(due, n)))  # type: ignore[arg-type]
    await asyncio.gather(*tasks)


async def rush(made: Rush, chosen: argparse.Namespace, begun: Callable[[], None]) -> None:
    """Everybody opens the page first; ``begun`` is called when the rush itself begins."""
    gate = asyncio.Semaphore(4)

    async def visit(person: Person) -> None:
        async with gate:
            await open_page(made.site, person, f"/intake/{person.application}/sections/{person.section}/")

    await asyncio.gather(*(visit(person) for person in made.writers))
    begun()
    begin = time.perf_counter() + 1
    await asyncio.gather(
        at_times(chosen.saves, chosen.seconds, begin, made.save),
        at_times(chosen.submissions, chosen.seconds, begin, made.submit),
    )


# --- measuring ---------------------------------------------------------------------------------------------------


def tree(root: int) -> set[int]:
    """A process and all that it started."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, grown = {root}, True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found, grown = found | more, bool(more)
    return found


def cpu(pids: set[int]) -> float:
    """Seconds that these processes and their ended children have used."""
    total = 0
    for pid in pids:
        try:
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(told[at]) for at in (11, 12, 13, 14))
    return total / TICKS


def is_worker(pid: int) -> bool:
    try:
        return b"\0work\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def postmaster() -> int | None:
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def used(server: int, database: int | None) -> dict[str, float]:
    ours = tree(server)
    workers = {pid for pid in ours if is_worker(pid)}
    mine = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "pages": cpu(ours - workers), "worker": cpu(workers), "database": cpu(tree(database)) if database else 0.0,
        "load generator": mine.ru_utime + mine.ru_stime,
    }  # fmt: skip


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def serve(port: int) -> subprocess.Popen[bytes]:
    own = subprocess.Popen(
        [sys.executable, "-m", "mangrove.cli", "serve", "--port", str(port)], stdout=subprocess.DEVNULL
    )
    for _ in range(200):
        time.sleep(0.1)
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return own
    raise SystemExit("the server did not start")


def measure(chosen: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        # A short run needs no more people than it has saves
        drafts = min(PEOPLE, chosen.saves * chosen.seconds)
        writers, firms = people(drafts, chosen.submissions * chosen.seconds)
        database, port = postmaster(), free_port()
        server = serve(port)
        try:
            told, marks = Rush(Site(port), writers, firms), list[tuple[float, dict[str, float]]]()

            def mark() -> None:
                marks.append((time.perf_counter(), used(server.pid, database)))

            load = os.getloadavg()[0]
            asyncio.run(rush(told, chosen, mark))
            mark()
            time.sleep(LAG)
        finally:
            server.terminate()
            server.wait()
        (began, before), (ended, after) = marks
        spent, wall = {name: after[name] - before[name] for name in after}, ended - began
        return report(chosen, told, spent, wall, load)


def share(times: list[float], part: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def report(chosen: argparse.Namespace, told: Rush, spent: dict[str, float], wall: float, load: float) -> int:
    name = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[chosen.on]
    print(
        f"\n{name}: {chosen.saves} saves and {chosen.submissions} submissions a second for {chosen.seconds} s; load average {load:.1f} before, {os.getloadavg()[0]:.1f} after"
    )
    print(f"{'':<14}{'n':>7}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'max ms':>9}  answers")
    missed = []
    for what, part in (("saves", told.saved), ("submissions", told.handed_in)):
        marks = "".join(f"{share(part.times, one) * 1000:>9.0f}" for one in (0.5, 0.95, 0.99, 1.0))
        print(f"{what:<14}{len(part.times):>7}{marks}  {dict(part.answers)}")
        if share(part.times, 0.95) > LIMIT:
            missed.append(f"p95 of {what}")
    lost, doubled, lag = kept(told)
    print(
        f"confirmed saves {len(told.confirmed)}, of them not in the database {lost}; texts or submissions doubled {doubled}"
    )
    print(f"sealed after: p95 {lag[0]:.2f} s, at most {lag[1]:.2f} s")
    print(
        "CPU seconds: "
        + ", ".join(f"{part} {seconds:.1f}" for part, seconds in spent.items())
        + f"; in {wall:.0f} s"
    )
    missed += [
        f"{n} {what}"
        for n, what in ((lost, "saves lost"), (doubled, "doubled"), (len(told.wrong), "requests refused"))
        if n
    ]
    if lag[1] > LAG:
        missed.append("sealing lag")
    for line in told.wrong[:3]:
        print(line)
    print("held" if not missed else f"missed: {', '.join(missed)}")
    return int(bool(missed) and chosen.on == "postgresql")


def kept(told: Rush) -> tuple[int, int, tuple[float, float]]:
    """Of what was confirmed: what the database has not, what it has twice; and how long events waited for their seal."""
    from mangrove.intake.models import Application, Revision, Submission
    from mangrove.ledger.models import Event, Seal
    from mangrove.ledger.verify import verify

    rows = Revision.objects.filter(sheet__section="project").values_list(
        "sheet__application", "number", "base", "fate", "answers"
    )
    texts = {
        (application, number): (base, fate, answers)
        for application, number, base, fate, answers in rows.iterator()
    }
    lost = sum(
        texts.get(at, (0, "", {}))[2].get(question) != text for at, (question, text) in told.confirmed.items()
    )
    new: Counter[tuple[int, str, str]] = Counter()
    for (application, _number), (base, fate, answers) in texts.items():
        was = texts.get((application, base), (0, "", {}))[2]
        if fate == "stood":
            new.update((application, id, text) for id, text in answers.items() if was.get(id) != text)
    doubled = sum(times - 1 for times in new.values())
    doubled += sum(len(given) - 1 for given in told.receipts.values())
    doubled += (
        abs(Submission.objects.count() - len(told.receipts))
        + Application.objects.filter(rounds__gt=1).count()
    )
    standing = verify()
    if not standing.holds or Event.objects.filter(seal=None).exists():
        raise SystemExit(f"the ledger does not verify: {standing}")
    rows = Seal.objects.filter(event__act="intake.submit").values_list("sealed_at", "event__recorded_at")
    lags = [(sealed - recorded).total_seconds() for sealed, recorded in itertools.chain(rows.iterator())]
    return lost, doubled, (share(lags, 0.95), max(lags))


if __name__ == "__main__":
    sys.exit(main())
