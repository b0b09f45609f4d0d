#ifndef BASE_READY_H
#define BASE_READY_H
/*
 * How a daemon tells whoever started it that it serves: a line on a descriptor
 * that it inherited, 3 unless said otherwise, which is then closed.
 */

/* Call first in main(): remembers whether descriptor 3 was inherited, before
 * something of ours takes its place. */
void ready_start(void);
/* --ready-fd N; NULL for none given.  -1: no such descriptor. */
int ready_set(const char *text);
/* Writes the line and closes the descriptor; nothing where there is none. */
void ready_tell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
