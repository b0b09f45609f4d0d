#ifndef ATTESTED_RELAY_H
#define ATTESTED_RELAY_H
/* Inside the tunnel: one connection's bytes. */
#include <openssl/ssl.h>

/* Forwards both ways until the enclave's side has ended, or one breaks.  fd: the local
 * side. */
void relay(int fd, SSL *ssl);

#endif
