"""pcs.py COLLATERAL [missing | headless | halved | nonsense]: Intel's provisioning certification
service, or a cache of it, that gives the parts of a collateral file; or nothing, no chains in
headers, half of a text, what is no JSON.  pcs.port gets the port, pcs.log a line for each
request."""
import http.server, json, os, sys
from urllib.parse import quote

collateral = json.load(open(sys.argv[1]))
mode = sys.argv[2] if len(sys.argv) > 2 else ''


def signed(key, inner):
    return '{"%s":%s,"signature":"%s"}' % (inner, collateral[key], collateral[key + '_signature'])


def answer(path):
    """The body, and the header with its chain."""
    if '/tcb?' in path:
        name = 'TCB-Info-Issuer-Chain' if path.startswith('/tdx') else 'SGX-TCB-Info-Issuer-Chain'
        return signed('tcb_info', 'tcbInfo'), name, 'tcb_info_issuer_chain'
    if path.endswith('/qe/identity'):
        return (signed('qe_identity', 'enclaveIdentity'), 'SGX-Enclave-Identity-Issuer-Chain',
                'qe_identity_issuer_chain')
    if '/pckcrl?' in path:
        return (bytes.fromhex(collateral['pck_crl']), 'SGX-PCK-CRL-Issuer-Chain',
                'pck_crl_issuer_chain')
    return collateral['root_ca_crl'] + '\n', None, None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *a):
        pass

    def do_GET(self):
        with open('pcs.log', 'a') as f:
            print(self.command, self.path, file=f)
        body, name, chain = answer(self.path)
        body = body.encode() if isinstance(body, str) else body
        if mode == 'halved':
            body = body[:len(body) // 2]
        if mode == 'nonsense':
            body = b'\xff\xfe'
        self.send_response(404 if mode == 'missing' else 200)
        if name and mode != 'headless':
            self.send_header(name, quote(collateral[chain]))
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
with open('pcs.port.new', 'w') as f:
    f.write(str(server.server_address[1]))
os.rename('pcs.port.new', 'pcs.port')
server.serve_forever()
