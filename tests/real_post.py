"""A mail server that others wrote (aiosmtpd), and a mail program's way of reading (Python's email).

Writes the port it listens on, then a line of JSON for each letter that it takes.
With a certificate and its key as arguments it insists on encryption and on an account.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Sink:
    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        said = {
            "to": envelope.rcpt_tos,
            "headers": {name.lower(): str(value) for name, value in letter.items()},
            "defects": [str(defect) for part in letter.walk() for defect in part.defects],
            "text": letter.get_body(("plain",)).get_content().replace("\r\n", "\n"),
            "html": letter.get_body(("html",)).get_content().replace("\r\n", "\n"),
            "encrypted": session.ssl is not None,
            "account": (session.auth_data or b"").decode(),
        }
        print(json.dumps(said), flush=True)
        return "250 taken"


def let_in(server, session, envelope, mechanism, data):
    account = b"%s:%s" % (data.login, data.password)
    return AuthResult(success=True, auth_data=account)


async def main():
    options = {"enable_SMTPUTF8": True, "ident": "a real mail server"}
    if len(sys.argv) == 3:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        options.update(
            tls_context=context, require_starttls=True, auth_required=True, authenticator=let_in
        )
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), **options), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Ends with whoever started it.
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
