"""Fetching from a real SFTP server and a real S3 server: what lies there lies here, whole."""

import hashlib
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.deliveries.storage.fetch import Fetched, fetch
from tests.deliveries.storage.servers import PASSWORD, S3, SFTP, USER, Server

NOW = datetime(2026, 4, 3, 5, tzinfo=UTC)
FILES = {
    "2026-03/ssd_person.csv": b"person_id\n1\n",
    "2026-02/ssd_person.csv": b"person_id\n2\n",
    "Ann Smith 903.xml": b"<Message/>",
    "2026-03/returns/é &?#%2e 1.csv": b"a,b\n",
}
BIG = bytes(range(256)) * 3_000


def fetched(server: Server, home: Path, *, max_bytes: int = 2**28, **more: Any) -> Fetched:
    changes = {name: more.pop(name) for name in list(more) if name != "seconds"}
    access, beside = server.access(**changes), home / "incoming"
    return fetch(access, home / "storage", NOW, max_bytes, beside=beside, **more)


def here(home: Path) -> dict[str, bytes]:
    top = home / "storage" / "files"
    files = (each for each in sorted(top.rglob("*")) if each.is_file())
    return {each.relative_to(top).as_posix(): each.read_bytes() for each in files}


def codes(done: Fetched) -> list[str]:
    return [each.code for each in done.findings]


def put_all(server: Server) -> None:
    for path, content in FILES.items():
        server.put(path, content)


def test_what_lies_there_lies_here_as_it_is_and_for_its_owner_alone(
    server: Server, tmp_path: Path
) -> None:
    put_all(server)
    done = fetched(server, tmp_path)
    assert (codes(done), sorted(done.new)) == ([], sorted(FILES))
    assert here(tmp_path) == FILES
    for each in (tmp_path / "storage").rglob("*"):
        wanted = 0o700 if each.is_dir() else 0o600
        assert stat.S_IMODE(each.stat().st_mode) == wanted, each
    assert server.written == []


def test_only_what_is_new_or_changed_is_fetched_again(server: Server, tmp_path: Path) -> None:
    put_all(server)
    fetched(server, tmp_path)
    server.reads.clear()
    assert fetched(server, tmp_path).new == [] and server.reads == []
    server.put("2026-03/ssd_person.csv", b"person_id\n3\n", at=1_775_000_001)
    server.put("2026-03/ssd_contacts.csv", b"contact_id\n")
    wanted = ["2026-03/ssd_contacts.csv", "2026-03/ssd_person.csv"]
    assert fetched(server, tmp_path).new == wanted
    assert sorted({path for path, _ in server.reads}) == wanted
    assert here(tmp_path)["2026-03/ssd_person.csv"] == b"person_id\n3\n"


def test_what_is_gone_there_is_used_here_no_more(server: Server, tmp_path: Path) -> None:
    put_all(server)
    fetched(server, tmp_path)
    server.remove("2026-02/ssd_person.csv")
    assert fetched(server, tmp_path).gone == 1
    assert not (tmp_path / "storage" / "files" / "2026-02").exists()
    assert len(here(tmp_path)) == len(FILES) - 1


def test_a_place_that_is_empty_or_not_there_takes_nothing_away(
    server: Server, tmp_path: Path
) -> None:
    put_all(server)
    fetched(server, tmp_path)
    elsewhere = server.access().url.removesuffix("in") + "nowhere"
    assert codes(fetched(server, tmp_path, url=elsewhere)) == ["STORAGE-GONE"]
    for path in FILES:
        server.remove(path)
    assert codes(fetched(server, tmp_path)) == ["STORAGE-GONE"]
    assert here(tmp_path) == FILES


def test_what_other_programs_still_write_and_hidden_folders_are_left_out(
    server: Server, tmp_path: Path
) -> None:
    server.put("2026-03/a.csv", b"1")
    for path in ("2026-03/b.csv.part", "2026-03/.c.csv", ".trash/d.csv", "2026-03/~e.csv"):
        server.put(path, b"1")
    assert (here_after(server, tmp_path), server.written) == ({"2026-03/a.csv": b"1"}, [])


def here_after(server: Server, home: Path) -> dict[str, bytes]:
    assert codes(fetched(server, home)) == []
    return here(home)


@pytest.mark.parametrize("how", ["silent", "short", "denied"])
def test_a_file_that_cannot_be_fetched_does_not_hold_back_the_others(
    how: str, server: Server, tmp_path: Path
) -> None:
    server.put("2026-03/a.csv", BIG * 12)
    server.put("2026-03/b.csv", b"b")
    server.failing.how, server.failing.name = how, "a.csv"
    done = fetched(server, tmp_path, patience=2.0 if how == "silent" else 20.0)
    assert (codes(done), here(tmp_path)) == (["STORAGE-FILE"], {"2026-03/b.csv": b"b"})
    told = str(done.findings[0]).split(" | ")
    assert told[1].endswith(": 2026-03/file 1 by name") and "127.0.0.1" in told[1]
    assert_no_secret(done, tmp_path)
    server.failing.how = ""
    assert codes(fetched(server, tmp_path)) == []
    assert here(tmp_path)["2026-03/a.csv"] == BIG * 12


def test_a_connection_that_breaks_goes_on_where_it_broke(sftp: SFTP, tmp_path: Path) -> None:
    sftp.put("2026-03/a.csv", BIG)
    sftp.failing.how, sftp.failing.name, sftp.failing.times = "broken", "a.csv", 1
    assert codes(fetched(sftp, tmp_path)) == []
    assert here(tmp_path) == {"2026-03/a.csv": BIG}


def test_an_answer_that_is_cut_is_asked_for_again(s3: S3, tmp_path: Path) -> None:
    s3.put("2026-03/a.csv", BIG)
    s3.failing.how, s3.failing.name, s3.failing.times = "cut", "a.csv", 1
    assert (codes(fetched(s3, tmp_path)), here(tmp_path)) == ([], {"2026-03/a.csv": BIG})


def test_a_file_that_changes_while_it_is_fetched_is_fetched_again_and_then_named(
    server: Server, tmp_path: Path
) -> None:
    server.put("2026-03/a.csv", BIG)
    server.put("2026-03/b.csv", b"b")
    changes = [b"first", BIG + b"second"]

    def change() -> None:
        if changes and server.reads[-1][1] == 0:
            server.put("2026-03/a.csv", changes.pop(), at=1_775_000_010 + len(changes))

    server.failing.name, server.failing.on_read = "a.csv", change
    done = fetched(server, tmp_path)
    assert codes(done) == ["STORAGE-CHANGES"]
    assert here(tmp_path) == {"2026-03/b.csv": b"b"}
    done = fetched(server, tmp_path)
    assert (codes(done), here(tmp_path)["2026-03/a.csv"]) == ([], b"first")
    changes.append(b"only once")
    server.put("2026-03/a.csv", BIG, at=1_775_000_020)
    assert codes(fetched(server, tmp_path)) == []
    assert here(tmp_path)["2026-03/a.csv"] == b"only once"
    assert list((tmp_path / "storage" / "parts").iterdir()) == []


def test_what_has_come_in_time_goes_on_with_the_next_look(server: Server, tmp_path: Path) -> None:
    server.put("2026-03/a.csv", BIG * 24)
    server.failing.how, server.failing.name = "slow", "a.csv"
    done = fetched(server, tmp_path, seconds=0.4)
    assert (done.is_whole, codes(done), here(tmp_path)) == (False, [], {})
    server.failing.how = ""
    server.reads.clear()
    assert fetched(server, tmp_path, seconds=30).is_whole
    assert min(offset for _, offset in server.reads) > 0
    assert here(tmp_path) == {"2026-03/a.csv": BIG * 24}


def test_a_file_that_is_too_large_is_not_fetched_at_all(server: Server, tmp_path: Path) -> None:
    server.put("2026-03/a.csv", b"12345")
    server.put("2026-03/b.csv", b"1234")
    done = fetched(server, tmp_path, max_bytes=4)
    assert (codes(done), {path for path, _ in server.reads}) == (["FILE-SIZE"], {"2026-03/b.csv"})


def test_names_that_collide_are_refused_both(server: Server, tmp_path: Path) -> None:
    for path in ("2026-03/Ann.csv", "2026-03/ann.csv", "2026-03/b.csv"):
        server.put(path, path.encode())
    server.put("caf\u00e9.xml", b"1")
    server.put("cafe\u0301.xml", b"2")
    done = fetched(server, tmp_path)
    assert codes(done) == ["STORAGE-NAME"] * 4
    assert list(here(tmp_path)) == ["2026-03/b.csv"]
    assert not any("nn" in str(each) or "caf" in str(each) for each in done.findings)
    listed = (tmp_path / "storage" / "not_fetched.csv").read_text(encoding="utf-8")
    assert "2026-03/Ann.csv" in listed


def test_names_that_climb_out_are_refused_on_sftp(sftp: SFTP, tmp_path: Path) -> None:
    sftp.put("a.csv", b"1")
    names = [b"../b.csv", b"/etc/passwd", b"2026-03/c.csv", b"d\\e", b"\xff\xfe", b"f\x07"]
    sftp.more_names = [*names, b"g" * 256]
    (sftp.root / "in" / "link.csv").symlink_to("/etc/hostname")
    (sftp.root / "in" / "loop").symlink_to(".")
    done = fetched(sftp, tmp_path)
    assert codes(done) == ["STORAGE-NAME"] * (len(names) + 3)
    assert here(tmp_path) == {"a.csv": b"1"}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["server", "storage"]


def test_names_that_climb_out_are_refused_on_s3(s3: S3, tmp_path: Path) -> None:
    names = ["../b.csv", "../../c.csv", "x//y.csv", "d\\e", "./f", "g\x07", "n/../../../../h"]
    for name in ("a.csv", "made in the console/", *names):
        s3.put(name, b"1" if name[-1] != "/" else b"")
    done = fetched(s3, tmp_path)
    assert set(codes(done)) == {"STORAGE-NAME"} and len(codes(done)) == len(names) - 1
    assert here(tmp_path) == {"a.csv": b"1"}


def test_a_folder_that_may_not_be_listed_hides_no_other(sftp: SFTP, tmp_path: Path) -> None:
    put_all(sftp)
    fetched(sftp, tmp_path)
    sftp.failing.how, sftp.failing.name = "unlisted", "2026-03"
    sftp.put("2026-02/more.csv", b"1")
    done = fetched(sftp, tmp_path)
    assert codes(done) == ["STORAGE-DENIED"]
    assert str(done.findings[0]).split(" | ")[1].endswith(": 2026-03")
    assert here(tmp_path) == {**FILES, "2026-02/more.csv": b"1"}


def test_a_file_of_another_source_is_never_replaced(server: Server, tmp_path: Path) -> None:
    put_all(server)
    own = tmp_path / "storage" / "files" / "2026-03" / "ssd_person.csv"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"pulled from a database")
    assert codes(fetched(server, tmp_path)) == ["STORAGE-TAKEN"]
    assert own.read_bytes() == b"pulled from a database"
    own.unlink()
    assert codes(fetched(server, tmp_path)) == []
    assert here(tmp_path) == FILES


def test_what_lies_in_the_drop_folder_is_told_of(server: Server, tmp_path: Path) -> None:
    put_all(server)
    (tmp_path / "incoming" / "2026-03").mkdir(parents=True)
    assert codes(fetched(server, tmp_path)) == []
    (tmp_path / "incoming" / "2026-03" / "a.csv").touch()
    assert codes(fetched(server, tmp_path)) == ["STORAGE-BESIDE"]


def test_a_lost_or_damaged_record_is_made_anew(server: Server, tmp_path: Path) -> None:
    put_all(server)
    fetched(server, tmp_path)
    (tmp_path / "storage" / "record.sqlite").write_bytes(b"no database" * 100)
    assert codes(fetched(server, tmp_path)) == []
    assert here(tmp_path) == FILES


def test_the_host_key_has_to_be_the_one_that_is_known(sftp: SFTP, tmp_path: Path) -> None:
    import asyncssh

    put_all(sftp)
    sftp.know(asyncssh.generate_private_key("ssh-ed25519"))
    assert_refused(fetched(sftp, tmp_path), "STORAGE-HOST-KEY", tmp_path)
    sftp.known_hosts.write_text("")
    assert_refused(fetched(sftp, tmp_path), "STORAGE-HOST-KEY", tmp_path)
    sftp.known_hosts.unlink()
    assert_refused(fetched(sftp, tmp_path), "STORAGE-SETTINGS", tmp_path)
    assert not sftp.known_hosts.exists(), "nothing is added to it"


def test_a_key_file_opens_the_place_as_a_password_does(sftp: SFTP, tmp_path: Path) -> None:
    put_all(sftp)
    key = {"key_file": str(sftp.client_key)}
    assert codes(fetched(sftp, tmp_path, **key)) == []
    assert here(tmp_path) == FILES
    done = fetched(sftp, tmp_path, **key, password="wrong")
    assert_refused(done, "STORAGE-SETTINGS", tmp_path, files=FILES)


def test_a_wrong_password_is_one_clear_message(sftp: SFTP, tmp_path: Path) -> None:
    put_all(sftp)
    done = fetched(sftp, tmp_path, password="wrong-wrong")
    assert_refused(done, "STORAGE-DENIED", tmp_path)
    assert "wrong-wrong" not in str(done.findings)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("403 AccessDenied", "STORAGE-DENIED"),
        ("403 SignatureDoesNotMatch", "STORAGE-DENIED"),
        ("404 NoSuchBucket", "STORAGE-GONE"),
        ("503 SlowDown", "STORAGE-UNREACHABLE"),
        ("500 InternalError", "STORAGE-UNREACHABLE"),
    ],
)
def test_an_answer_that_is_none_leaves_all_as_it_is(
    how: str, code: str, s3: S3, tmp_path: Path
) -> None:
    put_all(s3)
    fetched(s3, tmp_path)
    s3.failing.how = how
    assert_refused(fetched(s3, tmp_path), code, tmp_path, files=FILES)


@pytest.mark.parametrize("how", ["404 NoSuchKey", "503 SlowDown"])
def test_a_file_that_storage_does_not_give_is_named(how: str, s3: S3, tmp_path: Path) -> None:
    put_all(s3)
    s3.failing.how, s3.failing.name = how, "ssd_person.csv"
    done = fetched(s3, tmp_path)
    assert codes(done) == ["STORAGE-FILE"] * 2
    assert [str(each).split(": ")[1].split(" |")[0] for each in done.findings] == [
        "2026-02/ssd_person.csv",
        "2026-03/ssd_person.csv",
    ]
    assert len(here(tmp_path)) == 2


def test_a_server_that_is_not_there_is_one_clear_message(server: Server, tmp_path: Path) -> None:
    put_all(server)
    fetched(server, tmp_path)
    access = server.access()
    there = str(access.endpoint or access.url).split(":")[-1].removesuffix("/in")
    gone = {
        "url": access.url.replace(there, "1"),
        "endpoint": access.endpoint.replace(there, "1"),
    }
    if isinstance(server, SFTP):
        server.known_hosts.write_text(server.known_hosts.read_text().replace(there, "1"))
    done = fetched(server, tmp_path, **gone)
    assert_refused(done, "STORAGE-UNREACHABLE", tmp_path, files=FILES)


def test_a_server_that_says_nothing_any_more_costs_three_files_and_not_all(
    server: Server, tmp_path: Path
) -> None:
    for number in range(9):
        server.put(f"2026-03/{number}.csv", b"1")
    server.failing.how = "silent"
    done = fetched(server, tmp_path, patience=1.0)
    assert sorted(codes(done)) == ["STORAGE-FILE", "STORAGE-FILE", "STORAGE-UNREACHABLE"]
    assert len({path for path, _ in server.reads}) == 3


def assert_refused(
    done: Fetched, code: str, home: Path, files: dict[str, bytes] | None = None
) -> None:
    assert codes(done) == [code]
    parts = str(done.findings[0]).split(" | ")
    assert len(parts) == 8 and all(parts)
    assert here(home) == (files or {})
    assert_no_secret(done, home)


def assert_no_secret(done: Fetched, home: Path) -> None:
    told = "\n".join(map(str, done.findings))
    assert PASSWORD not in told and USER not in told
    for each in (home / "storage").rglob("*"):
        content = each.read_bytes() if each.is_file() else b""
        assert PASSWORD.encode() not in content and USER.encode() not in content, each


def test_the_record_says_which_bytes_were_fetched(server: Server, tmp_path: Path) -> None:
    from orchestration.deliveries.storage.record import opened

    put_all(server)
    fetched(server, tmp_path)
    with opened(tmp_path / "storage" / "record.sqlite") as record:
        noted = {path: copy.sha256 for path, copy in record.copies().items()}
    assert noted == {path: hashlib.sha256(each).hexdigest() for path, each in FILES.items()}
