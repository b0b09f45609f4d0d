"""relay.py CERT KEY PORT [--replay FILE]: somebody in the middle, over TLS with this certificate.
Passes what comes on to the server at 127.0.0.1:PORT and back; with --replay answers each request
with the file instead.  relay.port gets the port."""
import os, select, socket, ssl, sys, threading

cert, key, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
replay = open(sys.argv[5], 'rb').read() if len(sys.argv) > 4 else None

here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
here.load_cert_chain(cert, key)
there = ssl.create_default_context()
there.check_hostname = False
there.verify_mode = ssl.CERT_NONE


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
                other[s].settimeout(30)
                other[s].sendall(data)
    except OSError:
        pass
    finally:
        a.close()
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
        server = there.wrap_socket(socket.create_connection(('127.0.0.1', port)))
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
