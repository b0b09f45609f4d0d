#ifndef RPC_PROXY_H
#define RPC_PROXY_H
/*
 * Which proxy the environment names, as curl reads it (curl(1), ENVIRONMENT): http_proxy in
 * small letters alone, https_proxy and HTTPS_PROXY, all_proxy and ALL_PROXY; except for
 * what no_proxy or NO_PROXY lists.  Read here and not by libcurl, so that this machine's
 * own addresses go direct, and a message can name the proxy.
 */
#include <stdbool.h>

/* The proxy for an http:// or https:// URL, or NULL to go direct: as the environment has
 * it.  *variable gets the variable's name.  Loopback addresses and localhost, which no
 * proxy can reach, go direct. */
const char *proxy_for(const char *url, const char **variable);

/* Does HTTP/2 without TLS pass through it?  Through SOCKS alone. */
bool proxy_passes_h2c(const char *proxy);

#endif
