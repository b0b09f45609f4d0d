#ifndef RUN_CALL_CODES_H
#define RUN_CALL_CODES_H
/*
 * System calls as constraints know them: the low byte of the number, of run/syscalls.def,
 * which is enough to tell them apart (sp1-machine(7), System calls).
 */
enum {
#define SYSCALL(number, name, ...) CODE_##name = (number) & 0xff,
#define PRECOMPILE SYSCALL
#include "run/syscalls.def"
};

#endif
