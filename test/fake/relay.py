"""relay.py CERT KEY PORT [OPTION...]: somebody in the middle, over TLS with this certificate.
Passes what comes on to the server at 127.0.0.1:PORT and back.  relay.port gets the port.
--replay FILE: answers each request with the file instead.
--record FILE: what passes, either way, is added to the file.
--keep: the server's connections stay open when the clients close theirs.
--lose DB: once there is a file `lose`, and more requests in the devnet's database than the number
in it, the answer that comes next is lost: its connection is reset, and `lose` is `lost`."""
import os, select, socket, sqlite3, ssl, struct, sys, threading

cert, key, port = sys.argv[1], sys.argv[2], int(sys.argv[3])


def option(name):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else None


replay = open(option('--replay'), 'rb').read() if option('--replay') else None
record = open(option('--record'), 'ab', buffering=0) if option('--record') else None
lose = option('--lose')
lock = threading.Lock()
kept = []

here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
here.load_cert_chain(cert, key)
if not replay:
    here.set_alpn_protocols(['h2', 'http/1.1'])


def connect(protocol):
    """To the server, for what was agreed on with the client."""
    there = ssl.create_default_context()
    there.check_hostname = False
    there.verify_mode = ssl.CERT_NONE
    if protocol:
        there.set_alpn_protocols([protocol])
    return there.wrap_socket(socket.create_connection(('127.0.0.1', port)))


def loses():
    with lock:
        if not lose or not os.path.exists('lose'):
            return False
        had = int(open('lose').read())
        has, = sqlite3.connect(lose).execute('SELECT count(*) FROM request').fetchone()
        if has > had:
            os.rename('lose', 'lost')
        return has > had


def pump(a, b):
    """Both ways in one thread: a TLS connection is for one at a time."""
    other = {a: b, b: a}
    try:
        while True:
            for s in [s for s in other if s.pending()] or select.select(list(other), [], [])[0]:
                s.settimeout(0)
                try:
                    data = s.recv(65536)
                except ssl.SSLWantReadError:
                    continue
                if not data:
                    return
                if s is b and loses():
                    a.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                    return
                if record:
                    record.write(data)
                other[s].settimeout(30)
                other[s].sendall(data)
    except OSError:
        pass
    finally:
        a.close()
        if '--keep' in sys.argv:
            kept.append(b)
        else:
            b.close()


def serve(raw):
    try:
        client = here.wrap_socket(raw, server_side=True)
        if replay is not None:
            client.recv(65536)
            client.sendall(b'HTTP/1.1 200 OK\r\ncontent-length: %d\r\nconnection: close\r\n\r\n' %
                           len(replay) + replay)
            client.close()
            return
        server = connect(client.selected_alpn_protocol())
    except (OSError, ssl.SSLError):
        raw.close()
        return
    pump(client, server)


listener = socket.create_server(('127.0.0.1', 0))
with open('relay.tmp', 'w') as f:
    f.write(str(listener.getsockname()[1]))
os.rename('relay.tmp', 'relay.port')
while True:
    raw, _ = listener.accept()
    threading.Thread(target=serve, args=(raw,), daemon=True).start()
