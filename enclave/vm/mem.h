#ifndef VM_MEM_H
#define VM_MEM_H
/* Guest memory, in pages of 512 words. */
#include "vm/machine.h"

#define MEM_TOP (1ull << 40)		/* sp1-machine(7), Addresses */
#define MEM_PROVABLE (1ull << 16)	/* the chips' lowest address
					 * (sp1-machine(7), Addresses) */

/* n more bytes against max_memory; -1: TooMuchMemory. */
CHECKED int mem_charge(struct vm *m, uint64_t n);
/* The page of an address, made if need be, and put into the cache; NULL: the address
 * is beyond 2^40, or there is no memory. */
struct page *mem_page_slow(struct vm *m, uint64_t addr);
/* The page of an address, NULL where no one has touched it. */
struct page *mem_find(const struct mem *mem, uint64_t addr);
/* Makes the program's image and marks its words; -1: TooMuchMemory, or no memory. */
CHECKED int mem_load_image(struct vm *m);
/* Copies n bytes from addr without a trace; bytes that no one wrote are 0.  All must be
 * below 2^40. */
void mem_peek(const struct mem *mem, uint8_t *out, uint64_t addr, uint64_t n);
/* Before the first store to a page in an unconstrained block: keeps its values. */
CHECKED int mem_save(struct vm *m, struct page *p);
/* After the block: all kept values are back. */
void mem_restore(struct vm *m);
/* fn of every page, ascending; addr is its first byte's.  -1 as soon as fn says so. */
CHECKED int mem_walk(struct vm *m, int (*fn)(struct vm *m, struct page *p,
    uint64_t addr));
/* Wipes and frees the pages, not mem itself. */
void mem_free(struct mem *mem);

/* As mem_page_slow(), with a look into the cache first. */
static inline struct page *
mem_page(struct vm *m, uint64_t addr)
{
	uint64_t tag = addr / PAGE_BYTES;
	unsigned slot = tag % TLB_SIZE;

	if (likely(m->mem.tlb[slot].tag == tag && m->mem.tlb[slot].page))
		return m->mem.tlb[slot].page;
	return mem_page_slow(m, addr);
}

#endif
