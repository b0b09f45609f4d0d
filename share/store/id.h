#ifndef STORE_ID_H
#define STORE_ID_H
/* Names of stored things, and the tokens that give access to them. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define ID_ARTIFACT 36	/* with its NUL: "artifact_" and 26 characters */
#define ID_TOKEN 65	/* 32 random bytes in hexadecimal */

/* A TypeID of prefix "artifact" over a UUIDv7 (sp1-network(7), Artifact store):
 * the time, and 74 random bits. */
void id_artifact(char out[static ID_ARTIFACT]);
/* Has the text the form of an artifact's name? */
CHECKED bool id_is_artifact(const char *text);
/* A fresh token, in lower case. */
void id_token(char out[static ID_TOKEN]);
/* Compares without telling by its time how much is equal. */
CHECKED bool id_token_equal(const char *a, const char *b);

/* n random bytes from the kernel. */
void id_random(void *out, size_t n);

#endif
