/* Where a program may be fetched. */
#include "test/lib/tap.h"

#include <string.h>

#include "worker/worker.h"

static const struct {
	const char *url;
	bool allowed, named;	/* named: by a pattern, were private ones allowed */
} urls[] = {
	{ "https://8.8.8.8/p", true, true },
	{ "https://8.8.8.8:8443/p?a=b@c", true, true },
	{ "https://8.8.8.8", true, true },
	{ "http://127.0.0.1/p", false, true },
	{ "http://127.1/p", false, true },
	{ "http://2130706433/p", false, true },
	{ "http://10.0.0.1/", false, true },
	{ "http://100.64.0.1/", false, true },
	{ "http://169.254.169.254/latest/meta-data", false, true },
	{ "http://172.31.255.255/", false, true },
	{ "http://172.32.0.0/", true, true },
	{ "http://192.168.1.1/", false, true },
	{ "http://0.0.0.0/", false, true },
	{ "http://224.0.0.1/", false, true },
	{ "http://255.255.255.255/", false, true },
	{ "http://[::1]/", false, true },
	{ "http://[::]/", false, true },
	{ "http://[::ffff:127.0.0.1]/", false, true },
	{ "http://[::ffff:8.8.8.8]/", true, true },
	{ "http://[64:ff9b::7f00:1]/", false, true },
	{ "http://[2002:7f00:1::]/", false, true },
	{ "http://[fe80::1]/", false, true },
	{ "http://[fd00::1]/", false, true },
	{ "http://[2001:4860:4860::8888]/", true, true },
	{ "http://localhost/", false, true },
	{ "https://8.8.8.8@127.0.0.1/", false, false },
	{ "https://a:b@8.8.8.8/", false, false },
	{ "https://8.8.8.8\\@127.0.0.1/", false, false },
	{ "https:///p", false, false },
	{ "https://a%2eb/", false, false },
	{ "ftp://8.8.8.8/", false, false },
	{ "file:///etc/passwd", false, false },
};

int
main(void)
{
	struct places p = {
		.network = "https://8.8.4.4:443/x", .n = 3,
		.patterns = { "[0-9]*", "localhost", "*:*" },
	}, own = { .network = p.network };
	char host[PLACE_HOST];

	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		p.private = false;
		is_int(place_allowed(&p, urls[i].url, host), urls[i].allowed,
		    "%s", urls[i].url);
		p.private = true;
		is_int(place_allowed(&p, urls[i].url, host), urls[i].named,
		    "and where private ones may be");
	}
	is_int(place_allowed(&own, "https://8.8.4.4/p", host), 1,
	    "the network's own host");
	is_int(place_allowed(&own, "https://8.8.8.8/p", host), 0, "no other");
	own.private = true;	/* whatever the name resolves to here */
	is_int(place_allowed(&own, "https://spn-artifacts-production3.s3."
	    "us-east-2.amazonaws.com/programs/x", host), 1, "its store");
	is_int(place_allowed(&own, "https://spn-artifacts.s3.us-east-2."
	    "amazonaws.com.example.com/", host), 0, "not what looks like it");
	is_int(place_allowed(&p, "https://EXAMPLE.com/", host), 0,
	    "a host that nobody named");
	ok(!strcmp(host, "example.com"), "which is told");
	return done_testing();
}
