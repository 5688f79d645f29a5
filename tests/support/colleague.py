# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody at another computer, who talks to the server directly.

    olga = Colleague(server, "person-demo-dk")
    draft = olga.requests()[0]
    olga.change(draft["id"], title="Another title")
"""
import json
import ssl
import urllib.request

NS = "https://bestiller.org/ns/jmap"


class Colleague:
    def __init__(self, server, person):
        self._server, self._token = server, None
        answer = self._post("/auth/enrol", {"code": server.enrol(person)["code"], "device": "another computer"})
        self._token = answer["token"]
        session = self._ask(urllib.request.Request(server.url + "/.well-known/jmap"))
        self._accounts = [account for account in session["accounts"] if account != "catalogue"]

    def _ask(self, request):
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=self._server.ca)) as answer:
            return json.load(answer)

    def _post(self, path, body):
        return self._ask(urllib.request.Request(self._server.url + path, json.dumps(body).encode(),
                                                {"Content-Type": "application/json"}))

    def call(self, method, **args):
        """One JMAP call; its answer."""
        answer = self._post("/jmap/api/", {"using": ["urn:ietf:params:jmap:core", NS], "methodCalls": [[method, args, "c"]]})
        name, result, _ = answer["methodResponses"][0]
        if name == "error":
            raise RuntimeError(f"{method}: {result}")
        return result

    def requests(self):
        """All orders and shared drafts that she sees, with "account" in each."""
        found = []
        for account in self._accounts:
            for record in self.call("Request/get", accountId=account, ids=None)["list"]:
                found.append({**record, "account": account})
        return found

    def change(self, uid, **properties):
        """As she sees the order now."""
        order = next(order for order in self.requests() if order["id"] == uid)
        answer = self.call("Request/set", accountId=order["account"], update={uid: {**properties, "rev": order["rev"]}})
        if not answer.get("updated"):
            raise RuntimeError(f"the change was refused: {answer}")
