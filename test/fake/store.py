"""store.py [--tls CERT KEY] STEP...: an artifact store that answers each GET, PUT or CONNECT with the
next step, with the last one on and on.  A step is STATUS[,HEADER=VALUE...][,body=FILE]; a
refusal has S3's words with it.  store.port gets the port, store.log a line for each
request: method, path, bytes of the body, their SHA-256's beginning."""
import hashlib, http.server, os, ssl, sys

WORDS = {400: 'BadRequest', 403: 'AccessDenied', 429: 'TooManyRequests', 500: 'InternalError',
    502: 'BadGateway', 503: 'SlowDown', 307: 'TemporaryRedirect', 308: 'PermanentRedirect'}
ERROR = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>%s</Code><Message>Why %d.</Message></Error>'

args = sys.argv[1:]
tls = args[1:3] if args[0] == '--tls' else None
steps = args[3:] if tls else args


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *a):
        pass

    def answer(self):
        body = self.rfile.read(int(self.headers.get('content-length') or 0))
        with open('store.log', 'a') as f:
            print(self.command, self.path, len(body), hashlib.sha256(body).hexdigest()[:16], file=f)
        status, *more = (steps.pop(0) if len(steps) > 1 else steps[0]).split(',')
        headers = dict(x.split('=', 1) for x in more)
        data = (ERROR % (WORDS.get(int(status), 'Odd'), int(status))).encode()
        if int(status) == 200:
            name = headers.pop('body', None)
            data = open(name, 'rb').read() if name else b''
        self.send_response(int(status))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header('content-length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    # as a proxy: a URL for a path
    do_GET = do_PUT = do_POST = do_CONNECT = answer


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
if tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls)
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open('store.tmp', 'w') as f:
    f.write(str(server.server_port))
os.rename('store.tmp', 'store.port')
server.serve_forever()
