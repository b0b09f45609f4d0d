#ifndef NET_LIMITS_H
#define NET_LIMITS_H
/* What a peer may ask of a server.  Seconds, bytes, counts. */

#define NET_CONNECTIONS 1000	/* open at a time, of all addresses together, unless
				 * server_limits() says; as many of unix sockets */
#define NET_STREAMS 100		/* open on one HTTP/2 connection */
#define NET_RESETS 1000		/* streams that one connection may reset before they have
				 * their answers */
#define NET_HEAD (16 << 10)	/* of a request's head, names and values */
#define NET_HEADERS 64		/* fields in it */
#define NET_PATH 2048

#define NET_MESSAGE (4 << 20)	/* a gRPC message, unless the handler says */
#define NET_BUFFERED ((size_t)1 << 30)	/* all bodies in memory together */

#define NET_WINDOW (1 << 20)	/* HTTP/2 flow control: a stream */
#define NET_CONN_WINDOW (4 << 20)	/* ... and a connection */
#define NET_OUT (256 << 10)	/* prepared ahead of a slow reader */
#define NET_DISCARD (16 << 20)	/* of a body that nobody wants */

#define NET_TURN_US 100	/* of the loop's time for one address, while others wait, */
#define NET_SLICE 1024	/* and bytes of HTTP/2 between two looks at the clock */

#define NET_HELLO_S 10		/* until the first head is complete */
#define NET_HEAD_S 20		/* from the first byte of a later one */
#define NET_IDLE_S 600		/* without a request, */
#define NET_IDLE_FULL_S 10	/* where three quarters of the connections are open */
#define NET_STALL_S 60		/* a body or an answer that does not move */
#define NET_RATE 1024		/* bytes a second that a body must average, */
#define NET_RATE_S 60		/* after so long */
#define NET_TELL_S 60		/* between two calls of on_greedy(), of on_full() */
#define NET_GRACE_S 10		/* to finish what is under way at the end */

#endif
