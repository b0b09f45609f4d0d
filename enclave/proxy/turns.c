#include "proxy/turns.h"

#include <string.h>
#include <sys/random.h>

void
turns_init(struct turns *t)
{
	memset(t, 0, sizeof *t);
	t->urgent.last = &t->urgent.first;
	for (int i = 0; i < TURNS_LINES; i++)
		t->line[i].last = &t->line[i].first;
	/* Without one, somebody may choose an address of another's line: no more. */
	(void)!getrandom(&t->seed, sizeof t->seed, GRND_NONBLOCK);
}

unsigned
turns_line(const struct turns *t, const struct address *a)
{
	return a ? address_hash(a, t->seed) % TURNS_LINES : 0;
}

static void
append(struct turns_line *l, struct work *w)
{
	w->next = NULL;
	*l->last = w;
	l->last = &w->next;
}

static struct work *
take(struct turns_line *l)
{
	struct work *w = l->first;

	if (!w)
		return NULL;
	l->first = w->next;
	if (!l->first)
		l->last = &l->first;
	return w;
}

void
turns_add(struct turns *t, unsigned line, struct work *w)
{
	append(&t->line[line], w);
}

void
turns_urgent(struct turns *t, struct work *w)
{
	append(&t->urgent, w);
}

struct work *
turns_next(struct turns *t)
{
	struct work *w = take(&t->urgent);

	for (int i = 0; i < TURNS_LINES && !w; i++)
		w = take(&t->line[t->at++ % TURNS_LINES]);
	return w;
}
