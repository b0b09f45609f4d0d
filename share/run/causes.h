#ifndef RUN_CAUSES_H
#define RUN_CAUSES_H
/*
 * Why a run ended: what the machine tells in its result and in the record stream's FAILED
 * frame, and what a reader of that says.  Names as in stock's ExecutionError where
 * it has one.
 */
#define VM_CAUSES(C) \
	C(halted) \
	C(InvalidMemoryAccess) \
	C(Unimplemented) \
	C(UnsupportedSyscall) \
	C(InvalidSyscallUsage) \
	C(ExceededCycleLimit) \
	C(ExceededUnconstrainedLimit) \
	C(TooMuchMemory) \
	C(InvalidJump) \
	C(Unprovable)	/* with records only: runs, but has no proof */ \
	C(HostError)	/* the sink failed, memory is out */ \
	C(TooMuchOutput)

enum vm_cause {
#define C(name) VM_##name,
	VM_CAUSES(C)
#undef C
};

/* "InvalidJump"; "?" for a number that is no cause, as a stream may hold. */
const char *vm_cause_name(enum vm_cause c);

#endif
