#ifndef ATTEST_COMPOSE_H
#define ATTEST_COMPOSE_H
/*
 * dstack's app-compose.json: what a TD runs.  Its SHA-256 is the event compose-hash;
 * the services are YAML in one of its strings, read by libyaml.
 */
#include "attest/strict.h"

#define COMPOSE_MAX ((size_t)1 << 20)

struct compose {
	json_t *root;
	struct bytes text;		/* what is hashed: app-compose.json itself */
	bool public_logs;
	json_t *variables;		/* allowed_envs, strings; NULL: none */
	const char *services;		/* docker_compose_file; NULL: none */
};

/* The file itself, or a JSON object that has it as the string app_compose.  The text
 * must stay.  EX_DATAERR; compose_free() either way. */
CHECKED int compose_parse(struct compose *c, struct bytes text, struct err *e);
/* Frees what the strings are in; the text is the caller's. */
void compose_free(struct compose *c);

/* EX_NO tells the first service whose image is not pinned by @sha256, or is built, or
 * whose YAML is more than this reader follows (merges, includes, anything twice). */
CHECKED int compose_images(const struct compose *c, struct err *e);
/* EX_NO: the first that is privileged or can reach docker's socket.  who: the
 * services that can have quotes made by dstack's socket, with blanks between them. */
CHECKED int compose_privileges(const struct compose *c, char who[static 128],
    struct err *e);

#endif
