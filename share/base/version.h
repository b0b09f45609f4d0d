#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define SP1_PRIVATE_VERSION	"0.1.0"
/* What verifying keys, transcripts and proofs follow. */
#define SP1_CIRCUIT_VERSION	"v6.1.0"

#endif
