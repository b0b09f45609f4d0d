"""flaky.py CERT KEY PORT TO: a bad line, from 127.0.0.1:PORT over TLS with this certificate to the
server at 127.0.0.1:TO.  Connections have their fates in turn: whole, reset at once, cut after
some bytes, standing still for a while; none lasts.  Every other request over HTTP/1.1, a store's,
is answered here, with a status that passes.  flaky.log gets a line for each fault: its kind.
Once line.good is there, new connections have none."""
import itertools, os, random, select, socket, ssl, struct, sys, threading, time

cert, key, port, to = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
ALPN = ['h2', 'http/1.1']
lock = threading.Lock()
fates = itertools.cycle(['whole', 'cut', 'whole', 'reset', 'still', 'whole', 'cut', 'still'])
statuses = itertools.cycle([503, None, 500, None, 429, None, 502, None])

here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
here.load_cert_chain(cert, key)
here.set_alpn_protocols(ALPN)


def tell(kind):
    with lock, open('flaky.log', 'a') as f:
        print(kind, file=f)


def draw(what):
    with lock:
        return next(what)


def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    s.close()


def pump(a, b, fate):
    """Both ways in one thread: a TLS connection is for one at a time."""
    other = {a: b, b: a}
    left = random.randrange(6000) if fate != 'whole' else None
    end = time.monotonic() + random.uniform(10, 60)
    while time.monotonic() < end:
        for s in [s for s in other if s.pending()] or select.select(list(other), [], [], 1)[0]:
            s.settimeout(0)
            try:
                data = s.recv(65536)
            except ssl.SSLWantReadError:
                continue
            if not data:
                return
            if left is not None and len(data) > left:
                tell(fate)
                if fate == 'cut':
                    return
                time.sleep(random.uniform(0, 4))
                left = None
            elif left is not None:
                left -= len(data)
            other[s].settimeout(30)
            other[s].sendall(data)
    tell('ended')


def refuse(s, status):
    """The request is read to its end first."""
    data = b''
    while b'\r\n\r\n' not in data:
        data += s.recv(65536) or b'\r\n\r\n'
    head, body = data.split(b'\r\n\r\n', 1)
    want = [int(l.split(b':')[1]) for l in head.lower().split(b'\r\n') if l.startswith(b'content-length:')]
    while want and len(body) < want[0]:
        body += s.recv(65536) or b' ' * want[0]
    s.sendall(b'HTTP/1.1 %d Odd\r\ncontent-length: 0\r\nconnection: close\r\n%s\r\n' %
              (status, b'retry-after: 1\r\n' if status == 429 else b''))
    tell('status %d' % status)


def serve(raw):
    client = server = None
    try:
        good = os.path.exists('line.good')
        fate = 'whole' if good else draw(fates)
        if fate == 'reset':
            tell(fate)
            return
        raw.settimeout(30)
        client = here.wrap_socket(raw, server_side=True)
        spoken = client.selected_alpn_protocol() or ALPN[1]
        status = draw(statuses) if spoken == ALPN[1] and not good else None
        if status:
            refuse(client, status)
            client.unwrap()
            return
        there = ssl.create_default_context()
        there.check_hostname = False
        there.verify_mode = ssl.CERT_NONE
        there.set_alpn_protocols([spoken])
        server = there.wrap_socket(socket.create_connection(('127.0.0.1', to), 30))
        pump(client, server, fate)
    except OSError:
        pass
    finally:
        reset(client or raw)
        if server:
            server.close()


listener = socket.create_server(('127.0.0.1', port), backlog=100)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
