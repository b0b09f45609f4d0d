"""network.py ANSWER...: a network over HTTP/2 without TLS that answers each call with the next
answer, with the last one on and on, whatever the call: a message in hexadecimal, or
"STATUS TEXT" to refuse it with, or "wait" for none.  network.port gets the port,
network.log a line for each call.  It reads no header: calls are told by their order."""
import os, socket, sys, threading, time
from urllib.parse import quote

answers = sys.argv[1:]
lock = threading.Lock()
PREFACE = 24
DATA, HEADERS, SETTINGS, PING = 0, 1, 4, 6


def frame(kind, flags, stream, payload=b''):
    return len(payload).to_bytes(3, 'big') + bytes([kind, flags]) + stream.to_bytes(4, 'big') + payload


def block(*fields):
    """HPACK: literals, not indexed, names new."""
    out = b''
    for name, value in fields:
        assert len(name) < 127 and len(value) < 127
        out += bytes([0, len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
    return out


def exact(s, n):
    data = b''
    while len(data) < n:
        more = s.recv(n - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def reply(s, stream):
    with lock:
        what = answers.pop(0) if len(answers) > 1 else answers[0]
        with open('network.log', 'a') as f:
            print(what[:60], file=f)
    if what == 'wait':
        time.sleep(600)
    head = (':status', '200'), ('content-type', 'application/grpc')
    if ' ' in what:
        status, text = what.split(' ', 1)
        s.sendall(frame(HEADERS, 5, stream, block(*head, ('grpc-status', status), ('grpc-message', quote(text, safe=' ,:')))))
        return
    message = bytes.fromhex(what)
    data = b'\0' + len(message).to_bytes(4, 'big') + message
    out = frame(HEADERS, 4, stream, block(*head))
    for at in range(0, len(data), 16384):
        out += frame(DATA, 0, stream, data[at:at + 16384])
    s.sendall(out + frame(HEADERS, 5, stream, block(('grpc-status', '0'))))


def serve(s):
    try:
        exact(s, PREFACE)
        s.sendall(frame(SETTINGS, 0, 0))
        while True:
            head = exact(s, 9)
            payload = exact(s, int.from_bytes(head[:3], 'big'))
            kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], 'big')
            if kind in (SETTINGS, PING) and not flags & 1:
                s.sendall(frame(kind, 1, 0, payload if kind == PING else b''))
            elif kind in (DATA, HEADERS) and flags & 1:
                reply(s, stream)
    except (EOFError, OSError):
        s.close()


listener = socket.create_server(('127.0.0.1', 0))
with open('network.tmp', 'w') as f:
    f.write(str(listener.getsockname()[1]))
os.rename('network.tmp', 'network.port')
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
