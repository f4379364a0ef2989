"""A reference platform: it takes the registry's changes, keeps its heads, and believes nothing that
it has not checked. Run it by itself, or let a test run it:

    python Tests/EndToEnd/sink.py FOLDER PORT

The folder gets `changes.jsonl`, a line a change, and `heads/SIZE.json`, each head as a file that
`anju audit --witness` takes. What does not fit is refused, and named in `refused.txt`."""

import json
import sys
import threading
from concurrent import futures
from pathlib import Path

import grpc

import rfc9162
from stubs import pb


class Sink(pb.feed_grpc.ChangeSinkServicer):
    """Keeps each leaf once, however often it is sent."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.lock = threading.Lock()
        (folder / "heads").mkdir(parents=True, exist_ok=True)
        self.path = folder / "changes.jsonl"
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        self.hashes = [bytes.fromhex(json.loads(line)["leaf_hash"]) for line in lines]
        sizes = [int(path.stem) for path in (folder / "heads").glob("*.json")]
        self.kept = self.head(max(sizes)) if sizes else None
        self.repeated = 0

    def head(self, size: int) -> dict:
        return json.loads((self.folder / "heads" / f"{size}.json").read_text())["head"]

    def PushChanges(self, request, context):  # noqa: N802, the contract's name
        with self.lock:
            wrong = self.take(request)
        if wrong:
            (self.folder / "refused.txt").write_text(wrong)
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, wrong)
        return pb.feed.PushChangesResponse(next_leaf_index=len(self.hashes))

    def take(self, request) -> str:
        """Why the call is refused; "" where it is taken."""
        if request.first_leaf_index > len(self.hashes):
            return ""  # The answer says where to go on.
        with self.path.open("a") as file:
            for number, change in enumerate(request.changes, request.first_leaf_index):
                if change.leaf_index != number:
                    return f"leaf {change.leaf_index} in the place of {number}"
                if number < len(self.hashes):
                    self.repeated += 1
                    if self.hashes[number] != change.leaf_hash:
                        return f"leaf {number} is another one now"
                    continue
                self.hashes.append(change.leaf_hash)
                kept = dict(leaf_index=number, leaf_hash=change.leaf_hash.hex())
                kept |= dict(action=change.action, record=change.record.decode())
                file.write(json.dumps(kept) + "\n")
        return self.witness(request) if request.HasField("head") else ""

    def witness(self, request) -> str:
        head = request.head
        said = json.loads(head.head)
        if said["size"] != len(self.hashes) or rfc9162.root_of(self.hashes).hex() != said["root"]:
            return f"the head of {said['size']} leaves is not that of the leaves"
        if self.kept and request.consistent_from_tree_size == self.kept["size"]:
            roots = bytes.fromhex(self.kept["root"]), bytes.fromhex(said["root"])
            path = list(request.consistency_path)
            if not rfc9162.consistent(self.kept["size"], said["size"], *roots, path):
                return f"the head of {said['size']} leaves does not begin with the last one"
        file = dict(format="anju-signed-tree-head/1", head=said, signature=head.signature.hex())
        text = json.dumps(file, sort_keys=True, separators=(",", ":"))
        (self.folder / "heads" / f"{said['size']}.json").write_text(text)
        self.kept = said
        return ""


def serve(sink: Sink, port: int) -> grpc.Server:
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
    pb.feed_grpc.add_ChangeSinkServicer_to_server(sink, server)
    assert server.add_insecure_port(f"127.0.0.1:{port}") == port
    server.start()
    return server


if __name__ == "__main__":
    serve(Sink(Path(sys.argv[1])), int(sys.argv[2])).wait_for_termination()
