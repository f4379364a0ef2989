"""Debian's Kannel as the peer: bearerbox with its spool on disk, over SMPP to the same simulator."""
import contextlib
import os
import subprocess
import threading
import time
import urllib.parse
import urllib.request

CONF = """
group = core
admin-port = {admin}
admin-password = bench
smsbox-port = {box}
log-file = {folder}/bearerbox.log
log-level = 3
box-allow-ip = 127.0.0.1
store-type = spool
store-location = {folder}/spool
sms-outgoing-queue-limit = -1

group = smsc
smsc = smpp
smsc-id = bench
host = 127.0.0.1
port = {smsc}
transceiver-mode = 1
smsc-username = {account}
smsc-password = {secret}
system-type = ""
max-pending-submits = {window}
wait-ack = 60
reconnect-delay = 1
alt-charset = UCS-2BE

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {http}
log-file = {folder}/smsbox.log
log-level = 3
immediate-sendsms-reply = true

group = sendsms-user
username = bench
password = bench
max-messages = 10
user-allow-ip = 127.0.0.1
"""
INJECTORS = 8


class Kannel:
    """Both boxes. `fill` has messages stored; they leave when an SMSC listens."""

    def __init__(self, folder, ports, smsc, account, secret, window):
        self.folder = folder
        self.admin, self.box, self.http = ports
        self.processes = []
        os.makedirs(os.path.join(folder, "spool"))
        self.conf = os.path.join(folder, "kannel.conf")
        with open(self.conf, "w", encoding="utf-8") as file:
            file.write(CONF.format(
                folder=folder, admin=self.admin, box=self.box, http=self.http, smsc=smsc,
                account=account, secret=secret, window=window))

    @contextlib.contextmanager
    def running(self):
        try:
            for box in ("bearerbox", "smsbox"):
                self.processes.append(subprocess.Popen(
                    [f"/usr/sbin/{box}", "-v", "4", self.conf], stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL))
                self.wait_for(lambda: self.processes[-1].poll() is None)
                time.sleep(1)
            self.wait_for(lambda: "on-line" in self.command("status"))
            yield self
        finally:
            for process in reversed(self.processes):
                process.terminate()
            for process in self.processes:
                process.wait()

    def command(self, name):
        url = f"http://127.0.0.1:{self.admin}/{name}?password=bench"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.read().decode(errors="replace")
        except OSError:
            return ""

    @staticmethod
    def wait_for(condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "Kannel did not become ready"
            time.sleep(0.1)

    def fill(self, phones, text):
        """Has one text for each phone stored."""
        body = urllib.parse.quote(text.encode("utf-16-be"))
        shares = [phones[first::INJECTORS] for first in range(INJECTORS)]
        threads = [
            threading.Thread(target=self.inject, args=(share, body)) for share in shares]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.wait_for(lambda: self.spooled() == len(phones), 600)

    def inject(self, phones, body):
        import http.client

        line = http.client.HTTPConnection("127.0.0.1", self.http, timeout=60)
        for phone in phones:
            line.request(
                "GET", "/cgi-bin/sendsms?username=bench&password=bench&coding=2&charset=UTF-16BE"
                f"&from=106900011&to={phone}&text={body}")
            answer = line.getresponse()
            said = answer.read()
            assert answer.status == 202, said

    def spooled(self):
        spool = os.path.join(self.folder, "spool")
        return sum(len(files) for _, _, files in os.walk(spool))
