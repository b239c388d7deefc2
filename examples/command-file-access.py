#!/usr/bin/env python3
"""Grants access by writing it into a JSON file: a complete program for the `command` connector.

    [[integration]] kind = "command", argv = ["command-file-access.py", "/srv/door/access.json"]

The file holds what can be asked for and who has it; whatever guards the door reads it:

    {"resources": [{"id": "door:lab", "name": "Lab", "kind": "door", "permissions": ["enter"]}],
     "access": [{"grantee": "ana", "resource": "door:lab", "permission": "enter",
                 "until": "2030-01-31T17:00:00Z"}]}

One call is one JSON object on standard input and one on standard output; the protocol is described
in command-connector.md beside this file. Three habits are worth copying: calls take turns by a lock, the file is
replaced in one step so that nobody reads half of it, and doing a thing twice is the same as once.
"""
import contextlib
import fcntl
import json
import os
import sys
import tempfile


def same(entry, entitlement):
    return all(entry[key] == entitlement[key] for key in ("grantee", "resource", "permission"))


def read(path):
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    content.setdefault("resources", [])
    content.setdefault("access", [])
    return content


def replace(path, content):
    directory = os.path.dirname(os.path.abspath(path))
    with tempfile.NamedTemporaryFile("w", dir=directory, delete=False, encoding="utf-8") as file:
        try:
            json.dump(content, file, indent=2, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, os.stat(path).st_mode & 0o777)
            os.replace(file.name, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(file.name)
            raise


def answer(path, call):
    content = read(path)
    op = call["op"]
    if op == "list":
        return {"ok": True, "resources": content["resources"]}

    wanted = call["entitlement"]
    others = [entry for entry in content["access"] if not same(entry, wanted)]
    if op == "read_back":
        return {"ok": True, "present": len(others) < len(content["access"])}
    if op == "revoke":
        if len(others) < len(content["access"]):
            replace(path, {**content, "access": others})
        return {"ok": True}
    if op == "grant":
        offered = any(
            resource["id"] == wanted["resource"] and wanted["permission"] in resource["permissions"]
            for resource in content["resources"]
        )
        if not offered:
            message = "%s on %s is not offered" % (wanted["permission"], wanted["resource"])
            return {"ok": False, "retry": False, "message": message}
        entry = {key: wanted[key] for key in ("grantee", "resource", "permission")}
        entry["until"] = call["until"]
        replace(path, {**content, "access": others + [entry]})
        return {"ok": True, "details": {"lines": [["file", path], ["until", call["until"]]]}}
    return {"ok": False, "retry": False, "message": "unknown call %r" % op}


def main():
    path = sys.argv[1]
    call = json.load(sys.stdin)
    try:
        with open(path + ".lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = answer(path, call)
    except OSError as error:
        # A full disk or a missing share may be well again later.
        result = {"ok": False, "retry": True, "after_seconds": 30, "message": str(error)}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
